import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { TerminalStatus } from '../core/job';
import { summaryKey } from '../core/job';
import type { Permission } from './permissions';
import type { StageProps } from './stage';

type Resources = Pick<StageProps, 'storage' | 'orders' | 'urgentOrders' | 'worker' | 'network'>;

const STATUSES: readonly TerminalStatus[] = ['done', 'failed', 'rejected', 'cancelled'];

const MISSING_IS_404 = 'Without it S3 answers 403 instead of 404 for a key that is not there.';

/** Carrying out what a record promises: orders, tasks, and closing a job that has ended. Every stage may have to. */
export function carryOutJobs(resources: Resources): Permission[] {
  return [
    ...keepRecords(resources),
    ...issueOrders(resources),
    ...(resources.network.requests === undefined ? startTasks(resources) : askForNetworks(resources)),
    ...closeJobs(resources),
  ];
}

/** Looking at uploads and making jobs of them. */
export function takeInUploads({ storage: { inbox, state } }: Resources): Permission[] {
  return [
    {
      sid: 'LookAtUploads',
      actions: ['s3:GetObject'],
      resources: [inbox.arnForObjects('*')],
      why: 'Uploads have whatever keys their users give them.',
    },
    {
      sid: 'TellMissingUploads',
      actions: ['s3:ListBucket'],
      resources: [inbox.bucketArn],
      why: MISSING_IS_404,
    },
    {
      sid: 'ReadPresets',
      actions: ['s3:GetObject'],
      resources: [state.arnForObjects('presets/*')],
      why: 'Users add presets under names of their own.',
    },
    {
      sid: 'KeepMarkers',
      actions: ['s3:PutObject', 's3:DeleteObject'],
      resources: [
        state.arnForObjects('open/*'),
        state.arnForObjects('waiting/*'),
        state.arnForObjects('wanted/*'),
      ],
      why: 'One marker for each open job, each unpaired upload, and each file that one waits for.',
    },
    {
      sid: 'ReadWanted',
      actions: ['s3:GetObject'],
      resources: [state.arnForObjects('wanted/*')],
      why: 'Names the videos that wait for a file.',
    },
  ];
}

/** Copying verified results to where users look. */
export function publishOutputs({ storage: { outbox } }: Resources): Permission[] {
  return [
    {
      sid: 'Publish',
      actions: ['s3:PutObject'],
      resources: [outbox.arnForObjects('*')],
      why: 'Outputs are named after uploads, or by the prefix that a manifest asks for.',
    },
  ];
}

/** Stopping tasks that have nothing more to do. */
export function stopTasks({ worker }: Resources): Permission[] {
  return [
    {
      sid: 'StopTasks',
      actions: ['ecs:StopTask'],
      resources: [worker.tasksArn],
      conditions: { ArnEquals: { 'ecs:cluster': worker.cluster.clusterArn } },
      why: 'Tasks get their ids when they start; the pattern names those of this cluster.',
    },
  ];
}

/** Finding out where the status page of a task is, where there are such pages. */
export function findTaskAddresses(resources: Resources & Pick<StageProps, 'config'>): Permission[] {
  if (resources.config.settings.statusPort === undefined) return [];
  return [
    describeTasks(resources),
    {
      sid: 'FindAddresses',
      actions: ['ec2:DescribeNetworkInterfaces'],
      resources: ['*'],
      why: 'EC2 knows no resources for it: whoever may describe network interfaces may describe all.',
    },
  ];
}

function describeTasks({ worker }: Resources): Permission {
  return {
    sid: 'DescribeTasks',
    actions: ['ecs:DescribeTasks'],
    resources: [worker.tasksArn],
    conditions: { ArnEquals: { 'ecs:cluster': worker.cluster.clusterArn } },
    why: 'Tasks get their ids when they start; the pattern names those of this cluster.',
  };
}

/** Asking ECS which tasks there are and how they are. */
export function seeTasks(resources: Resources): Permission[] {
  const conditions = { ArnEquals: { 'ecs:cluster': resources.worker.cluster.clusterArn } };
  return [
    describeTasks(resources),
    {
      sid: 'ListTasks',
      actions: ['ecs:ListTasks'],
      resources: ['*'],
      conditions,
      why: 'ListTasks knows no resource but container instances, which Fargate has none of; the condition holds it to this cluster.',
    },
  ];
}

/** Some of `GetObject`, `PutObject` and `DeleteObject` on what the state bucket holds below a prefix. */
export function stateObjects(
  { storage: { state } }: Resources,
  access: { sid: string; prefix: string; actions: readonly ('GetObject' | 'PutObject' | 'DeleteObject')[] },
): Permission {
  return {
    sid: access.sid,
    actions: access.actions.map(action => `s3:${action}`),
    resources: [state.arnForObjects(`${access.prefix}*`)],
    why: `One object for each job, task or sweep below ${access.prefix}.`,
  };
}

function keepRecords(resources: Resources): Permission[] {
  const { state } = resources.storage;
  return [
    stateObjects(resources, { sid: 'KeepRecords', prefix: 'jobs/', actions: ['GetObject', 'PutObject'] }),
    {
      sid: 'ListState',
      actions: ['s3:ListBucket'],
      resources: [state.bucketArn],
      why: `Lists what is kept below a prefix. ${MISSING_IS_404}`,
    },
  ];
}

/** Signed URLs allow what their signer may do, so that it must be able to do all that an order lets a worker do. */
function issueOrders(resources: Resources): Permission[] {
  return [
    {
      sid: 'SignSources',
      actions: ['s3:GetObjectVersion'],
      resources: [resources.storage.inbox.arnForObjects('*')],
      why: 'Uploads have whatever keys their users give them; a job reads the version that it was accepted with.',
    },
    {
      sid: 'SignPublished',
      actions: ['s3:GetObject'],
      resources: [resources.storage.outbox.arnForObjects('*')],
      why: 'Captions that come late are added to what was published, under whatever keys that has; its list of files is read too.',
    },
    stateObjects(resources, { sid: 'SignImages', prefix: 'presets/images/', actions: ['GetObject'] }),
    stateObjects(resources, { sid: 'SignResults', prefix: 'work/', actions: ['GetObject', 'PutObject'] }),
    {
      sid: 'SendOrders',
      actions: ['sqs:SendMessage'],
      resources: [resources.orders.queue.queueArn, resources.urgentOrders.queue.queueArn],
      why: 'Orders go to the workers by these queues.',
    },
  ];
}

/** Having tasks started where networks are made for them, by the stage that makes them. */
function askForNetworks({ network: { requests } }: Resources): Permission[] {
  if (requests === undefined) return [];
  return [
    {
      sid: 'AskForNetworks',
      actions: ['sqs:SendMessage'],
      resources: [requests.queue.queueArn],
      why: 'The stage that makes networks is told what is needed by its queue.',
    },
  ];
}

/** Finding the uploads in parts that were begun in a bucket and not finished, and aborting them. */
export function endUploads(
  bucket: IBucket,
  { what, below, why }: { what: string; below: string; why: string },
): Permission[] {
  return [
    {
      sid: `List${what}`,
      actions: ['s3:ListBucketMultipartUploads'],
      resources: [bucket.bucketArn],
      why: 'Finds the uploads in parts that nobody goes on with.',
    },
    {
      sid: `Abort${what}`,
      actions: ['s3:AbortMultipartUpload'],
      resources: [bucket.arnForObjects(below)],
      why,
    },
  ];
}

/** Asking how many tasks there are. */
export function countTasks({ worker }: Resources): Permission {
  return {
    sid: 'CountTasks',
    actions: ['ecs:DescribeClusters'],
    resources: [worker.cluster.clusterArn],
    why: 'No more tasks are started than may run at once.',
  };
}

/** Starting tasks of the pipeline, and nothing else. */
export function startTasks(resources: Resources): Permission[] {
  const { worker } = resources;
  return [
    countTasks(resources),
    {
      sid: 'RunTask',
      actions: ['ecs:RunTask'],
      resources: [worker.familyArn],
      conditions: { ArnEquals: { 'ecs:cluster': worker.cluster.clusterArn } },
      why: 'The newest revision is run, and each deployment makes one; the pattern names the revisions of one family.',
    },
    {
      sid: 'TagNewTasks',
      actions: ['ecs:TagResource'],
      resources: [worker.tasksArn],
      conditions: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
      why: 'Tasks get their ids when they start; the condition allows tags at that moment only.',
    },
    {
      sid: 'PassTaskRoles',
      actions: ['iam:PassRole'],
      resources: [worker.taskRole.roleArn, worker.executionRole.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      why: 'RunTask gives a task its two roles.',
    },
  ];
}

function closeJobs(resources: Resources): Permission[] {
  const { outbox, state } = resources.storage;
  return [
    {
      sid: 'KeepSummaries',
      actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      resources: STATUSES.map(status => outbox.arnForObjects(summaryKey('*', status))),
      why: 'A summary is named after the upload that it is about, and replaces those of earlier jobs and other endings.',
    },
    {
      sid: 'TellMissingSummaries',
      actions: ['s3:ListBucket'],
      resources: [outbox.bucketArn],
      why: MISSING_IS_404,
    },
    stateObjects(resources, { sid: 'ClearWork', prefix: 'work/', actions: ['DeleteObject'] }),
    ...endUploads(state, {
      what: 'UnfinishedUploads',
      below: 'work/*',
      why: 'Uploads of workers lie below the id of their job.',
    }),
    stateObjects(resources, { sid: 'ClearMarkers', prefix: 'open/', actions: ['DeleteObject'] }),
  ];
}
