import { createHash, randomInt, randomUUID } from 'node:crypto';
import { ecsArn, findTaskDefinition, lastPart, resolveCluster } from './arns';
import { describeTask } from './describe';
import { EcsError } from './errors';
import { newNetworkInterface } from './network-interface';
import { parseBody, type Call, type Ecs } from './operation';
import { checkRunTask, runTaskSchema, taskSize, type RunTaskRequest } from './run-task-request';
import type { ClientToken } from './task-table';
import type { LocalTaskDefinition, Task } from './types';

const DEFAULT_MAX_TASKS = 10;
const NO_CAPACITY = 'Capacity is unavailable at this time';

interface Placement {
  readonly request: RunTaskRequest;
  readonly clusterArn: string;
  readonly definition: LocalTaskDefinition;
}

interface Placed {
  readonly tasks: readonly Task[];
  readonly failures: readonly object[];
}

/** RunTask: 200 with the tasks that were placed, and a failure for each one that found no capacity. */
export async function runTask(ecs: Ecs, call: Call): Promise<object> {
  const request = parseBody(runTaskSchema, call.body);
  const clusterArn = resolveCluster(ecs.options.clusters, request.cluster);
  const definition = findTaskDefinition(ecs.options.taskDefinitions, request.taskDefinition);
  if (definition === undefined) throw new EcsError('ClientException', 'TaskDefinition not found.');
  authorizeRunTask(ecs, call, { request, clusterArn, definition });
  checkRunTask(request, definition);

  const { clientToken } = request;
  const token =
    clientToken === undefined ? undefined : { token: clientToken, fingerprint: fingerprintOf(call.body) };
  const placed =
    findPlaced(ecs, clusterArn, token) ?? placeTasks(ecs, { request, clusterArn, definition, token });
  // Also for tasks that an earlier request placed: its save may not have come to its end.
  await ecs.table.save();
  return {
    tasks: placed.tasks.map(task => describeTask(task, { tags: true })),
    failures: placed.failures,
  };
}

/** What the same request has placed before. Throws when the token stands for another request. */
function findPlaced(ecs: Ecs, clusterArn: string, token: ClientToken | undefined): Placed | undefined {
  const earlier = token && ecs.table.findByToken(clusterArn, token.token);
  if (earlier === undefined) return undefined;
  if (earlier.fingerprint === token?.fingerprint) return { tasks: earlier.tasks, failures: [] };
  throw new EcsError(
    'ConflictException',
    'The provided clientToken is already in use with a different RunTask request.',
    { resourceIds: earlier.tasks.map(({ taskArn }) => taskArn) },
  );
}

/** Launches the tasks. Nothing is awaited in here, or two requests with one token could both launch. */
function placeTasks(ecs: Ecs, placement: Placement & { token: ClientToken | undefined }): Placed {
  const tasks: Task[] = [];
  const failures: object[] = [];
  for (const capacityProvider of spreadOver(placement.request)) {
    const reason = whyNoCapacity(ecs, placement.request, capacityProvider);
    if (reason !== undefined) {
      failures.push({
        arn: ecsArn(ecs.options, `capacity-provider/${capacityProvider ?? 'FARGATE'}`),
        reason,
      });
      continue;
    }
    const task = newTask(ecs, placement, capacityProvider);
    ecs.table.add(task, placement.token);
    ecs.fargate.launch(task, placement.definition);
    tasks.push(task);
  }
  return { tasks, failures };
}

function authorizeRunTask(ecs: Ecs, { access }: Call, placement: Placement): void {
  const { request, clusterArn, definition } = placement;
  access.require({
    action: 'ecs:RunTask',
    resource: definition.arn,
    context: { 'ecs:cluster': clusterArn },
  });
  if (request.tags.length > 0) {
    access.require({
      action: 'ecs:TagResource',
      resource: ecsArn(ecs.options, `task/${lastPart(clusterArn)}/*`),
      context: { 'ecs:CreateAction': 'RunTask', 'ecs:cluster': clusterArn },
    });
  }
  const { overrides } = request;
  const roles = [
    overrides.taskRoleArn ?? definition.taskRoleArn,
    overrides.executionRoleArn ?? definition.executionRoleArn,
  ];
  for (const resource of roles) {
    if (resource === undefined) continue;
    access.require({
      action: 'iam:PassRole',
      resource,
      context: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
    });
  }
}

/** The capacity provider of each task: first the base, then by weight. `undefined` is a launch type. */
function spreadOver({
  count,
  capacityProviderStrategy: strategy,
}: RunTaskRequest): Array<string | undefined> {
  if (strategy.length === 0) return Array.from({ length: count }, () => undefined);
  const providers = strategy.map(item => ({
    ...item,
    weight: strategy.length === 1 ? 1 : item.weight,
    tasks: 0,
  }));
  const chosen: string[] = [];
  while (chosen.length < count) {
    const next =
      providers.find(({ base, tasks }) => tasks < base) ??
      providers.reduce((best, item) => (load(item) < load(best) ? item : best));
    next.tasks += 1;
    chosen.push(next.capacityProvider);
  }
  return chosen;
}

/** How full a capacity provider is against its share; one without weight gets its base only. */
function load({ base, tasks, weight }: { base: number; tasks: number; weight: number }): number {
  return weight === 0 ? Infinity : (tasks - base) / weight;
}

function whyNoCapacity(
  { options, table }: Ecs,
  request: RunTaskRequest,
  capacityProvider = 'FARGATE',
): string | undefined {
  if (table.live().length >= (options.maxTasks ?? DEFAULT_MAX_TASKS)) return NO_CAPACITY;
  const answer = options.capacity?.({ capacityProvider, subnets: subnetsOf(request) });
  return answer?.kind === 'unavailable' ? answer.reason : undefined;
}

function subnetsOf({ networkConfiguration }: RunTaskRequest): string[] {
  return networkConfiguration?.awsvpcConfiguration?.subnets ?? [];
}

function newTask(ecs: Ecs, placement: Placement, capacityProvider: string | undefined): Task {
  const { request, clusterArn, definition } = placement;
  const cluster = lastPart(clusterArn);
  const taskId = randomUUID().replaceAll('-', '');
  const subnets = subnetsOf(request);
  const network = request.networkConfiguration?.awsvpcConfiguration;
  const createdAt = ecs.now().toISOString();
  const inherited = request.propagateTags === 'TASK_DEFINITION' ? (definition.tags ?? []) : [];
  return {
    taskArn: ecsArn(ecs.options, `task/${cluster}/${taskId}`),
    clusterArn,
    taskDefinitionArn: definition.arn,
    family: definition.family,
    group: request.group ?? `family:${definition.family}`,
    version: 1,
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    ...taskSize(request.overrides, definition),
    ...(capacityProvider === undefined ? {} : { capacityProviderName: capacityProvider }),
    cpuArchitecture: definition.runtimePlatform?.cpuArchitecture === 'ARM64' ? 'arm64' : 'x86_64',
    availabilityZone: `${ecs.options.region}a`,
    networkInterface: newNetworkInterface({
      subnetId: subnets[randomInt(subnets.length)] ?? '',
      securityGroupIds: network?.securityGroups ?? [],
      publicAddress: network?.assignPublicIp === 'ENABLED',
    }),
    ...(request.startedBy === undefined ? {} : { startedBy: request.startedBy }),
    tags: [...inherited.filter(({ key }) => request.tags.every(tag => tag.key !== key)), ...request.tags],
    overrides: request.overrides,
    containers: definition.containers.map(({ name, image }) => ({
      containerArn: ecsArn(ecs.options, `container/${cluster}/${taskId}/${randomUUID()}`),
      name,
      image,
      runtimeId: `${taskId}-${randomInt(1_000_000_000, 10_000_000_000)}`,
      lastStatus: 'PENDING',
    })),
    createdAt,
    updatedAt: createdAt,
  };
}

/** The same for requests with the same parameters, however their members are ordered. */
function fingerprintOf(body: unknown): string {
  return createHash('sha256').update(JSON.stringify(body, withSortedMembers)).digest('hex');
}

function withSortedMembers(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}
