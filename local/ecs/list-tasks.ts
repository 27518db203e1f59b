import { z } from 'zod';
import { resolveCluster } from './arns';
import { invalidParameter } from './errors';
import { parseBody, type Call, type Ecs } from './operation';
import type { Task } from './types';

const MAX_PAGE = 100;

const listTasksSchema = z.object({
  cluster: z.string().optional(),
  family: z.string().optional(),
  startedBy: z.string().optional(),
  desiredStatus: z.string().default('RUNNING'),
  launchType: z.string().optional(),
  maxResults: z.number().int().default(MAX_PAGE),
  nextToken: z.string().optional(),
});

type ListTasksRequest = z.infer<typeof listTasksSchema>;

/** ListTasks: ARNs of a cluster's tasks, sorted. A page's token holds the last ARN of that page. */
export function listTasks(ecs: Ecs, { body, access }: Call): object {
  const request = parseBody(listTasksSchema, body);
  const clusterArn = resolveCluster(ecs.options.clusters, request.cluster);
  access.require({ action: 'ecs:ListTasks', resource: '*', context: { 'ecs:cluster': clusterArn } });
  checkListTasks(request);
  const taskArns = ecs.table
    .all()
    .filter(task => task.clusterArn === clusterArn && matches(task, request))
    .map(({ taskArn }) => taskArn)
    .sort();
  const start = pageStart(taskArns, request.nextToken);
  const page = taskArns.slice(start, start + request.maxResults);
  const last = page.at(-1);
  if (last === undefined || start + page.length >= taskArns.length) return { taskArns: page };
  return { taskArns: page, nextToken: Buffer.from(last).toString('base64url') };
}

function checkListTasks({
  maxResults,
  desiredStatus,
  startedBy,
  family,
  launchType,
}: ListTasksRequest): void {
  if (maxResults < 1 || maxResults > MAX_PAGE) {
    throw invalidParameter(`maxResults is ${maxResults}; it must be between 1 and ${MAX_PAGE}.`);
  }
  if (desiredStatus !== 'RUNNING' && desiredStatus !== 'STOPPED') {
    throw invalidParameter(`desiredStatus is ${desiredStatus}; it must be RUNNING or STOPPED.`);
  }
  if (startedBy !== undefined && (family !== undefined || launchType !== undefined)) {
    throw invalidParameter('startedBy must be the only filter: leave out family and launchType.');
  }
}

function matches(task: Task, { family, startedBy, desiredStatus, launchType }: ListTasksRequest): boolean {
  return (
    task.desiredStatus === desiredStatus &&
    (family === undefined || task.family === family) &&
    (startedBy === undefined || task.startedBy === startedBy) &&
    (launchType === undefined || launchType === 'FARGATE')
  );
}

function pageStart(taskArns: readonly string[], nextToken: string | undefined): number {
  if (nextToken === undefined) return 0;
  const last = Buffer.from(nextToken, 'base64url').toString('utf8');
  if (!last.startsWith('arn:')) throw invalidParameter('Invalid token.');
  // The task may have gone since; the ARNs are sorted, so its place is still known.
  const next = taskArns.findIndex(arn => arn > last);
  return next === -1 ? taskArns.length : next;
}
