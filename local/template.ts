import { readAssembly, type Assembly } from './template/assembly';
import { readEventSources, readFunctions, readTaskDefinitions } from './template/compute';
import type { CloudModel } from './template/model';
import { readNetworks } from './template/networks';
import { Resources, type Deployment } from './template/resources';
import { readRoles } from './template/roles';
import { readRules } from './template/rules';
import { readBucketDeployments, readBuckets, readQueues } from './template/storage';

export { readAssembly, type Assembly } from './template/assembly';
export type * from './template/model';

/** Account that everything local belongs to. */
export const LOCAL_ACCOUNT_ID = '000000000000';
export const LOCAL_REGION = 'us-east-1';

/** Reads a cloud assembly as if it were deployed where the endpoint is. */
export function readCloudModel(options: { assemblyDir: string; endpoint: string }): CloudModel {
  return resolveModel(readAssembly(options.assemblyDir), {
    endpoint: options.endpoint,
    region: LOCAL_REGION,
    accountId: LOCAL_ACCOUNT_ID,
  });
}

/** What the template of an assembly comes to: every function evaluated, every name given. */
export function resolveModel(assembly: Assembly, deployment: Deployment): CloudModel {
  const resources = new Resources(assembly, deployment);
  return {
    stackName: assembly.stackName,
    region: deployment.region,
    accountId: deployment.accountId,
    outputs: readOutputs(resources),
    buckets: readBuckets(resources),
    queues: readQueues(resources),
    functions: readFunctions(resources),
    eventSources: readEventSources(resources),
    rules: readRules(resources),
    roles: readRoles(resources),
    clusters: resources.ofType('AWS::ECS::Cluster').map(cluster => cluster.attribute('Arn')),
    taskDefinitions: readTaskDefinitions(resources),
    whyUnreachable: readNetworks(resources),
    bucketDeployments: readBucketDeployments(resources),
  };
}

function readOutputs({ assembly, evaluator }: Resources): Record<string, string> {
  const outputs = Object.entries(assembly.template.Outputs).filter(
    ([, { Condition }]) => Condition === undefined || evaluator.condition(Condition),
  );
  return Object.fromEntries(outputs.map(([name, { Value }]) => [name, evaluator.text(Value)]));
}
