import { RolePolicies } from '../support/role-policies';
import { resourceNamed, synthPipeline } from '../support/synth-pipeline';

const pipeline = synthPipeline();
const policies = new RolePolicies(pipeline);

const idOf = (type: string, start: string): string => resourceNamed(pipeline, type, start).logicalId;
const bucketArn = (name: string): string => policies.arn(idOf('AWS::S3::Bucket', `PipelineStorage${name}`));
const inbox = bucketArn('Inbox');
const outbox = bucketArn('Outbox');
const state = bucketArn('State');
const orders = policies.arn(idOf('AWS::SQS::Queue', 'PipelineOrdersQueue'));
const urgentOrders = policies.arn(idOf('AWS::SQS::Queue', 'PipelineUrgentOrdersQueue'));
const reports = policies.arn(idOf('AWS::SQS::Queue', 'PipelineReportsQueue'));
const uploads = policies.arn(idOf('AWS::SQS::Queue', 'PipelineIntakeEventsQueue'));
const clusterId = idOf('AWS::ECS::Cluster', 'Pipeline');
const cluster = policies.arn(clusterId);
const task = policies.ecs(`task/${clusterId}/0123456789abcdef`);
const otherTask = policies.ecs('task/other/0123456789abcdef');
const revision = policies.ecs('task-definition/spotreel-worker:7');
const inCluster = { 'ecs:cluster': cluster };
const taskRole = policies.arn(idOf('AWS::IAM::Role', 'PipelineWorkerTaskRole'));
const executionRole = policies.arn(idOf('AWS::IAM::Role', 'PipelineWorkerTaskExecutionRole'));
const lambdaRole = policies.arn(idOf('AWS::IAM::Role', 'PipelineSweepRole'));
const toEcs = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };

const ROLES = {
  worker: 'PipelineWorkerTaskRole',
  intake: 'PipelineIntakeRole',
  completion: 'PipelineCompletionRole',
  taskState: 'PipelineTaskStateRole',
  sweep: 'PipelineSweepRole',
} as const;
type RoleName = keyof typeof ROLES;
type Case = readonly [action: string, resource: string, context?: Readonly<Record<string, string>>];

const LAMBDAS = ['intake', 'completion', 'taskState', 'sweep'] as const;

/** What every stage may do, since each may have to carry out what a record promises. */
const CARRY_OUT: readonly Case[] = [
  ['s3:GetObject', `${state}/jobs/j.json`],
  ['s3:PutObject', `${state}/jobs/j.json`],
  ['s3:ListBucket', state],
  ['s3:GetObjectVersion', `${inbox}/a folder/clip+1.MOV`],
  ['s3:GetObject', `${state}/work/j/o/ticket.json`],
  ['s3:PutObject', `${state}/work/j/o/d/out.mp4`],
  ['s3:DeleteObject', `${state}/work/j/o/d/out.mp4`],
  ['s3:ListBucketMultipartUploads', state],
  ['s3:AbortMultipartUpload', `${state}/work/j/o/generation-1/out.mp4`],
  ['s3:DeleteObject', `${state}/open/j`],
  ['s3:ListBucket', outbox],
  ['s3:GetObject', `${outbox}/clip.mp4.rejected.json`],
  ['s3:PutObject', `${outbox}/clip.mp4.failed.json`],
  ['s3:DeleteObject', `${outbox}/clip.mp4.done.json`],
  ['sqs:SendMessage', orders],
  ['ecs:RunTask', revision, inCluster],
  ['ecs:TagResource', task, { 'ecs:CreateAction': 'RunTask' }],
  ['iam:PassRole', taskRole, toEcs],
  ['iam:PassRole', executionRole, toEcs],
];

const TAKE_IN: readonly Case[] = [
  ['s3:GetObject', `${inbox}/clip.mp4`],
  ['s3:ListBucket', inbox],
  ['s3:GetObject', `${state}/presets/web-720p.json`],
  ['s3:PutObject', `${state}/open/j`],
  ['s3:PutObject', `${state}/waiting/0123.json`],
  ['s3:DeleteObject', `${state}/waiting/0123.json`],
];

const ALLOWED: Readonly<Record<RoleName, readonly Case[]>> = {
  worker: [
    ['sqs:ReceiveMessage', orders],
    ['sqs:DeleteMessage', orders],
    ['sqs:ChangeMessageVisibility', orders],
    ['sqs:GetQueueAttributes', orders],
    ['sqs:SendMessage', reports],
  ],
  intake: [...CARRY_OUT, ...TAKE_IN, ['sqs:ReceiveMessage', uploads], ['sqs:DeleteMessage', uploads]],
  completion: [
    ...CARRY_OUT,
    ['sqs:ReceiveMessage', reports],
    ['sqs:DeleteMessage', reports],
    ['s3:PutObject', `${outbox}/clip/web-720p.mp4`],
    ['s3:PutObject', `${state}/tasks/t.json`],
    ['s3:GetObject', `${state}/tasks/t.json`],
    ['ecs:StopTask', task, inCluster],
  ],
  taskState: [
    ...CARRY_OUT,
    ['s3:PutObject', `${outbox}/clip/web-720p.mp4`],
    ['s3:GetObject', `${state}/tasks/t.json`],
    ['s3:DeleteObject', `${state}/tasks/t.json`],
    ['s3:PutObject', `${state}/receipts/j/t.json`],
  ],
  sweep: [
    ...CARRY_OUT,
    ...TAKE_IN,
    ['s3:PutObject', `${outbox}/clip/web-720p.mp4`],
    ['sqs:ReceiveMessage', orders],
    ['sqs:DeleteMessage', orders],
    ['sqs:ChangeMessageVisibility', orders],
    ['s3:ListBucketVersions', inbox],
    ['s3:ListBucketMultipartUploads', outbox],
    ['s3:AbortMultipartUpload', `${outbox}/clip/web-720p.mp4`],
    ['s3:GetObject', `${state}/sweep/cleaned.json`],
    ['s3:PutObject', `${state}/sweep/cleaned.json`],
    ['s3:GetObject', `${state}/waiting/0123.json`],
    ['s3:GetObject', `${state}/tasks/t.json`],
    ['s3:GetObject', `${state}/sweep/reconciled.json`],
    ['s3:DeleteObject', `${state}/control/j/cancel`],
    ['s3:PutObject', `${state}/sweep/reconciled.json`],
    ['sqs:GetQueueAttributes', orders],
    ['ecs:ListTasks', '*', inCluster],
    ['ecs:DescribeTasks', task, inCluster],
    ['ecs:StopTask', task, inCluster],
  ],
};

/** What no stage may do. */
const NEVER: readonly Case[] = [
  ['ecs:RunTask', policies.ecs('task-definition/other:1'), inCluster],
  ['ecs:RunTask', policies.ecs('task-definition/spotreel-worker-of-another:1'), inCluster],
  ['ecs:RunTask', revision, { 'ecs:cluster': policies.ecs('cluster/other') }],
  ['ecs:RunTask', revision],
  ['ecs:TagResource', task],
  ['ecs:StopTask', otherTask, { 'ecs:cluster': policies.ecs('cluster/other') }],
  ['ecs:ListTasks', '*', { 'ecs:cluster': policies.ecs('cluster/other') }],
  ['ecs:RegisterTaskDefinition', '*'],
  ['ecs:ExecuteCommand', task, inCluster],
  ['iam:PassRole', lambdaRole, toEcs],
  ['iam:PassRole', taskRole, { 'iam:PassedToService': 'lambda.amazonaws.com' }],
  ['iam:PassRole', taskRole],
  ['s3:PutObject', `${inbox}/clip.mp4`],
  ['s3:DeleteObject', `${inbox}/clip.mp4`],
  ['s3:DeleteObjectVersion', `${inbox}/clip.mp4`],
  ['s3:DeleteObject', `${outbox}/clip/web-720p.mp4`],
  ['s3:ListBucketMultipartUploads', inbox],
  ['s3:AbortMultipartUpload', `${inbox}/clip.mp4`],
  ['s3:AbortMultipartUpload', `${state}/presets/web-720p.json`],
  ['s3:DeleteObject', `${state}/jobs/j.json`],
  ['s3:PutObject', `${state}/control/j/cancel`],
  ['s3:PutObject', `${state}/presets/web-720p.json`],
  ['s3:DeleteObject', `${state}/presets/web-720p.json`],
  ['s3:DeleteObject', `${state}/receipts/j/t.json`],
  ['s3:PutBucketPolicy', state],
  ['sqs:PurgeQueue', orders],
  ['sqs:SendMessage', reports],
];

/** Only the sweep ends what publishers left unfinished. */
const CLEAR_COPIES: readonly Case[] = [
  ['s3:ListBucketMultipartUploads', outbox],
  ['s3:AbortMultipartUpload', `${outbox}/clip/web-720p.mp4`],
  ['s3:PutObject', `${state}/sweep/cleaned.json`],
];

const DENIED: Readonly<Record<RoleName, readonly Case[]>> = {
  worker: [
    ...CARRY_OUT,
    ...TAKE_IN,
    ['sqs:SendMessage', orders],
    ['sqs:ReceiveMessage', reports],
    ['sqs:PurgeQueue', orders],
    ['sqs:ReceiveMessage', uploads],
    ['s3:ListAllMyBuckets', '*'],
    ['ecs:StopTask', task, inCluster],
    ['ecs:ListTasks', '*', inCluster],
    ['sts:AssumeRole', lambdaRole],
  ],
  intake: [
    ...NEVER,
    ['sqs:ReceiveMessage', orders],
    ...CLEAR_COPIES,
    ['s3:PutObject', `${outbox}/clip/web-720p.mp4`],
    ['ecs:StopTask', task, inCluster],
    ['ecs:ListTasks', '*', inCluster],
    ['s3:PutObject', `${state}/tasks/t.json`],
    ['s3:PutObject', `${state}/receipts/j/t.json`],
  ],
  completion: [
    ...NEVER,
    ['sqs:ReceiveMessage', orders],
    ...CLEAR_COPIES,
    ['s3:GetObject', `${state}/presets/web-720p.json`],
    ['s3:PutObject', `${state}/waiting/0123.json`],
    ['s3:PutObject', `${state}/receipts/j/t.json`],
    ['ecs:ListTasks', '*', inCluster],
    ['sqs:ReceiveMessage', uploads],
  ],
  taskState: [
    ...NEVER,
    ['sqs:ReceiveMessage', orders],
    ...CLEAR_COPIES,
    ['s3:GetObject', `${state}/presets/web-720p.json`],
    ['s3:PutObject', `${state}/tasks/t.json`],
    ['s3:GetObject', `${state}/receipts/j/t.json`],
    ['ecs:StopTask', task, inCluster],
    ['ecs:ListTasks', '*', inCluster],
    ['sqs:ReceiveMessage', uploads],
  ],
  sweep: [
    ...NEVER,
    ['s3:PutObject', `${state}/receipts/j/t.json`],
    ['s3:PutObject', `${state}/tasks/t.json`],
    ['sqs:ReceiveMessage', uploads],
  ],
};

function rows(cases: Readonly<Record<RoleName, readonly Case[]>>) {
  return Object.entries(cases).flatMap(([role, list]) =>
    list.map(([action, resource, context = {}]) => ({ role: role as RoleName, action, resource, context })),
  );
}

describe('what a role may do, by its synthesized policies', () => {
  it.each(rows(ALLOWED))('$role may $action on $resource $context', ({ role, ...question }) => {
    expect(policies.may(ROLES[role], question)).toBe(true);
  });

  it.each(rows(DENIED))('$role may not $action on $resource $context', ({ role, ...question }) => {
    expect(policies.may(ROLES[role], question)).toBe(false);
  });
});

describe('the shape of the policies', () => {
  it('names five actions on its queues for the worker, and nothing else', () => {
    const all = policies
      .statements(ROLES.worker)
      .flatMap(({ Action = [], Resource = [] }) =>
        Resource.flatMap(resource => Action.map(action => `${action} ${resource}`)),
      );
    expect(all.sort()).toEqual(
      [
        `sqs:ChangeMessageVisibility ${orders}`,
        `sqs:DeleteMessage ${orders}`,
        `sqs:GetQueueAttributes ${orders}`,
        `sqs:ReceiveMessage ${orders}`,
        `sqs:ChangeMessageVisibility ${urgentOrders}`,
        `sqs:DeleteMessage ${urgentOrders}`,
        `sqs:GetQueueAttributes ${urgentOrders}`,
        `sqs:ReceiveMessage ${urgentOrders}`,
        `sqs:SendMessage ${reports}`,
      ].sort(),
    );
  });

  it.each(LAMBDAS)('%s has no action with a wildcard, and "*" as a resource only under a condition', role => {
    for (const { Action = [], Resource = [], Condition } of policies.statements(ROLES[role])) {
      expect(Action.filter(action => action.includes('*'))).toEqual([]);
      if (Resource.includes('*')) expect(Condition).toEqual({ ArnEquals: { 'ecs:cluster': [cluster] } });
    }
  });

  it.each(LAMBDAS)('%s has no policy beyond its own', role => {
    const { properties } = resourceNamed(pipeline, 'AWS::IAM::Role', ROLES[role]);
    expect(properties).not.toHaveProperty('ManagedPolicyArns');
    expect(properties).not.toHaveProperty('Policies');
  });
});
