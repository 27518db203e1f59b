import { EcsError, invalidParameter } from './errors';
import type { LocalTaskDefinition } from './types';

/** The region and account that ARNs are made of. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
}

/** `arn:aws:ecs:REGION:ACCOUNT:RESOURCE`. */
export function ecsArn({ region, accountId }: Place, resource: string): string {
  return `arn:aws:ecs:${region}:${accountId}:${resource}`;
}

/** What follows the last slash: a cluster's name, a task's id. */
export function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** ARN of the cluster that a request names by name or ARN, or of `default` when it names none. */
export function resolveCluster(clusters: readonly string[], reference = 'default'): string {
  const cluster = clusters.find(arn => arn === reference || lastPart(arn) === reference);
  if (cluster === undefined) throw new EcsError('ClusterNotFoundException', 'Cluster not found.');
  return cluster;
}

/** The task definition named by `family` (its newest revision), `family:revision` or ARN. */
export function findTaskDefinition(
  definitions: readonly LocalTaskDefinition[],
  reference: string,
): LocalTaskDefinition | undefined {
  const exact = definitions.find(
    ({ arn, family, revision }) => arn === reference || `${family}:${revision}` === reference,
  );
  if (exact !== undefined) return exact;
  const revisions = definitions.filter(({ family }) => family === reference);
  return revisions.sort((left, right) => right.revision - left.revision)[0];
}

/** ARN of the task that a request names by id or ARN, in the request's cluster. */
export function resolveTaskArn(place: Place, request: { clusterArn: string; task: string }): string {
  const { clusterArn, task } = request;
  const prefix = ecsArn(place, `task/${lastPart(clusterArn)}/`);
  if (!task.startsWith('arn:')) return `${prefix}${task}`;
  if (!/^arn:aws:ecs:[^:]*:[^:]*:task\//.test(task)) {
    throw invalidParameter(`Invalid identifier: ${task} is no ARN of a task.`);
  }
  return task;
}
