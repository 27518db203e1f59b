import { z } from 'zod';
import { ecsArn, findTaskDefinition, lastPart, resolveCluster, resolveTaskArn } from './arns';
import { describeTask, describeTaskDefinition } from './describe';
import { EcsError, invalidParameter } from './errors';
import { listTasks } from './list-tasks';
import { parseBody, type Call, type Ecs, type Operation } from './operation';
import { runTask } from './run-task';
import { checkTags, tagSchema } from './run-task-request';
import type { Task } from './types';

const MAX_TASKS_PER_DESCRIBE = 100;

/** The operations of the API that there are, by AWS's names. */
export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['RunTask', runTask],
  ['StopTask', stopTask],
  ['DescribeTasks', describeTasks],
  ['ListTasks', listTasks],
  ['DescribeTaskDefinition', describeDefinition],
  ['DescribeClusters', describeClusters],
  ['ListTagsForResource', listTagsForResource],
  ['TagResource', tagResource],
]);

const stopTaskSchema = z.object({
  cluster: z.string().optional(),
  task: z.string(),
  reason: z.string().max(1024).optional(),
});

async function stopTask(ecs: Ecs, { body, access }: Call): Promise<object> {
  const { cluster, task: reference, reason } = parseBody(stopTaskSchema, body);
  const clusterArn = resolveCluster(ecs.options.clusters, cluster);
  const taskArn = resolveTaskArn(ecs.options, { clusterArn, task: reference });
  access.require({ action: 'ecs:StopTask', resource: taskArn, context: { 'ecs:cluster': clusterArn } });
  taskInCluster(ecs, { clusterArn, taskArn });
  ecs.table.setTags(taskArn, []);
  ecs.fargate.stop(taskArn, {
    stopCode: 'UserInitiated',
    stoppedReason: reason ?? 'Task stopped by user',
  });
  await ecs.table.save();
  return { task: describeTask(taskInCluster(ecs, { clusterArn, taskArn }), { tags: true }) };
}

function taskInCluster(ecs: Ecs, { clusterArn, taskArn }: { clusterArn: string; taskArn: string }): Task {
  const task = ecs.table.get(taskArn);
  if (task?.clusterArn !== clusterArn) throw invalidParameter('The referenced task was not found.');
  return task;
}

const describeTasksSchema = z.object({
  cluster: z.string().optional(),
  tasks: z.array(z.string()),
  include: z.array(z.string()).default([]),
});

function describeTasks(ecs: Ecs, { body, access }: Call): object {
  const request = parseBody(describeTasksSchema, body);
  const clusterArn = resolveCluster(ecs.options.clusters, request.cluster);
  if (request.tasks.length === 0) throw invalidParameter('Tasks cannot be empty.');
  if (request.tasks.length > MAX_TASKS_PER_DESCRIBE) {
    throw invalidParameter(`Tasks cannot have more than ${MAX_TASKS_PER_DESCRIBE} elements.`);
  }
  const taskArns = request.tasks.map(task => resolveTaskArn(ecs.options, { clusterArn, task }));
  for (const resource of taskArns) {
    access.require({ action: 'ecs:DescribeTasks', resource, context: { 'ecs:cluster': clusterArn } });
  }
  const tasks: object[] = [];
  const failures: object[] = [];
  for (const arn of taskArns) {
    const task = ecs.table.get(arn);
    if (task?.clusterArn !== clusterArn) failures.push({ arn, reason: 'MISSING' });
    else tasks.push(describeTask(task, { tags: request.include.includes('TAGS') }));
  }
  return { tasks, failures };
}

const describeDefinitionSchema = z.object({
  taskDefinition: z.string(),
  include: z.array(z.string()).default([]),
});

function describeDefinition({ options }: Ecs, { body, access }: Call): object {
  const { taskDefinition, include } = parseBody(describeDefinitionSchema, body);
  access.require({ action: 'ecs:DescribeTaskDefinition', resource: '*' });
  const definition = findTaskDefinition(options.taskDefinitions, taskDefinition);
  if (definition === undefined) throw new EcsError('ClientException', 'Unable to describe task definition.');
  return {
    taskDefinition: describeTaskDefinition(definition),
    ...(include.includes('TAGS') ? { tags: definition.tags ?? [] } : {}),
  };
}

const describeClustersSchema = z.object({ clusters: z.array(z.string()).default(['default']) });

function describeClusters({ options, table }: Ecs, { body, access }: Call): object {
  const clusters: object[] = [];
  const failures: object[] = [];
  for (const reference of parseBody(describeClustersSchema, body).clusters) {
    const arn = reference.startsWith('arn:') ? reference : ecsArn(options, `cluster/${reference}`);
    access.require({ action: 'ecs:DescribeClusters', resource: arn });
    if (!options.clusters.includes(arn)) {
      failures.push({ arn, reason: 'MISSING' });
      continue;
    }
    const live = table.live().filter(({ clusterArn }) => clusterArn === arn);
    const running = live.filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
    clusters.push({
      clusterArn: arn,
      clusterName: lastPart(arn),
      status: 'ACTIVE',
      runningTasksCount: running,
      pendingTasksCount: live.filter(({ lastStatus }) => /^(PROVISIONING|PENDING)$/.test(lastStatus)).length,
      activeServicesCount: 0,
      registeredContainerInstancesCount: 0,
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      defaultCapacityProviderStrategy: [],
    });
  }
  return { clusters, failures };
}

const resourceSchema = z.object({ resourceArn: z.string() });

function listTagsForResource({ options, table }: Ecs, { body, access }: Call): object {
  const { resourceArn } = parseBody(resourceSchema, body);
  access.require({ action: 'ecs:ListTagsForResource', resource: resourceArn });
  const definition = options.taskDefinitions.find(({ arn }) => arn === resourceArn);
  const tags = definition === undefined ? table.get(resourceArn)?.tags : (definition.tags ?? []);
  if (tags === undefined) throw resourceNotFound();
  return { tags };
}

const tagResourceSchema = z.object({ resourceArn: z.string(), tags: z.array(tagSchema) });

async function tagResource({ table }: Ecs, { body, access }: Call): Promise<object> {
  const { resourceArn, tags } = parseBody(tagResourceSchema, body);
  const task = table.get(resourceArn);
  access.require({
    action: 'ecs:TagResource',
    resource: resourceArn,
    ...(task === undefined ? {} : { context: { 'ecs:cluster': task.clusterArn } }),
  });
  if (task === undefined) throw resourceNotFound();
  checkTags(tags);
  const kept = task.tags.filter(({ key }) => tags.every(tag => tag.key !== key));
  checkTags([...kept, ...tags]);
  table.setTags(resourceArn, [...kept, ...tags]);
  await table.save();
  return {};
}

function resourceNotFound(): EcsError {
  return invalidParameter('The specified resource could not be found. Verify the ARN and try again.');
}
