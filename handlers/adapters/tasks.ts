import type { ECSClient, RunTaskCommandOutput, Task } from '@aws-sdk/client-ecs';
import {
  DescribeClustersCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { z } from 'zod';
import type { JobRecord, Launch } from '../../core/job';
import { capacityPlan, launchToken } from '../../core/launch';
import type { CapacityProvider } from '../../core/cost/task';
import type { Settings } from '../../core/settings';
import type { TaskSight } from '../../core/sweep';
import { EXPIRY_TAG, NETWORK_TAG, taskTags } from '../../core/task-tags';
import type { NetworkPlace, Tasks } from '../cloud';
import type { LambdaEnvironment } from './environment';
import type { S3Objects } from './s3-objects';

export interface TasksOptions {
  readonly ecs: ECSClient;
  readonly state: S3Objects;
  readonly variables: LambdaEnvironment;
  readonly settings: Settings;
  readonly now: () => Date;
}

/** Where one RunTask call is to start a task. */
interface RunPlace {
  readonly capacityProvider: CapacityProvider;
  readonly subnetIndex: number;
  readonly network: NetworkPlace | undefined;
}

/** DescribeTasks takes this many at a time. */
const DESCRIBE_MAX = 100;

const noteSchema = z.object({
  at: z.iso.datetime(),
  inHand: z.object({ jobId: z.string(), orderId: z.string(), deliveryId: z.string() }).optional(),
});

export function ecsTasks(options: TasksOptions): Tasks {
  const { ecs, state, variables, settings, now } = options;
  const cluster = variables.CLUSTER_ARN;
  const subnets = variables.SUBNET_IDS?.split(',') ?? [];

  const run = (job: JobRecord, launch: Launch, place: RunPlace): Promise<RunTaskCommandOutput> => {
    const size = job.preset?.content.task;
    const { capacityProvider, subnetIndex, network } = place;
    const subnet = (network?.subnetIds ?? subnets)[subnetIndex];
    const securityGroup = network?.securityGroupId ?? variables.SECURITY_GROUP_ID;
    const requestedAt = new Date(launch.requestedAt);
    const networkId = network === undefined ? {} : { networkId: network.networkId };
    return ecs.send(
      new RunTaskCommand({
        cluster,
        taskDefinition: variables.TASK_FAMILY,
        count: 1,
        capacityProviderStrategy: [{ capacityProvider, weight: 1 }],
        clientToken: launchToken({
          jobId: job.jobId,
          launch: launch.launch,
          capacityProvider,
          subnetIndex,
          ...networkId,
        }),
        startedBy: job.jobId,
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: subnet === undefined ? [] : [subnet],
            securityGroups: securityGroup === undefined ? [] : [securityGroup],
            assignPublicIp: variables.ASSIGN_PUBLIC_IP,
          },
        },
        overrides:
          size === undefined
            ? {}
            : {
                cpu: String(size.vcpu * 1024),
                memory: String(size.memoryGiB * 1024),
                // 20 GiB is what every task has; ECS takes 21 and more as a wish for extra.
                ephemeralStorage: { sizeInGiB: size.ephemeralStorageGiB },
              },
        tags: taskTags(job, {
          // The same for each repetition of the call, or ECS would refuse it under its token.
          requestedAt: network !== undefined && network.readyAt > requestedAt ? network.readyAt : requestedAt,
          settings,
          ...networkId,
        }).map(({ name, value }) => ({ key: name, value })),
      }),
    );
  };

  const isFull = async (): Promise<boolean> => {
    const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: [cluster] }));
    const [found] = clusters ?? [];
    return (found?.runningTasksCount ?? 0) + (found?.pendingTasksCount ?? 0) >= settings.maxTasks;
  };

  return {
    isFull,
    async start(job, launch, network) {
      if (await isFull()) return { kind: 'deferred', reason: `${settings.maxTasks} tasks run` };
      const reasons: string[] = [];
      const zones = (network?.subnetIds ?? subnets).length;
      for (const capacityProvider of capacityPlan(launch, settings)) {
        for (let offset = 0; offset < zones; offset += 1) {
          // Jobs begin in different zones, so that one short of capacity is not asked by all of them first.
          const subnetIndex = (launch.launch + offset) % zones;
          const answer = await run(job, launch, { capacityProvider, subnetIndex, network }).catch(asQuota);
          if ('quota' in answer) return { kind: 'deferred', reason: answer.quota };
          const taskArn = answer.tasks?.[0]?.taskArn;
          if (taskArn !== undefined) return { kind: 'started', taskArn, capacityProvider };
          reasons.push(`${capacityProvider}: ${answer.failures?.[0]?.reason ?? 'no task and no reason'}`);
        }
      }
      return { kind: 'noCapacity', reasons: [...new Set(reasons)] };
    },
    async stop(taskArn, reason) {
      try {
        await ecs.send(new StopTaskCommand({ cluster, task: taskArn, reason }));
      } catch (error) {
        // ECS forgets stopped tasks after about an hour: what it no longer knows needs no stopping.
        if (!(error instanceof Error && error.name === 'InvalidParameterException')) throw error;
      }
    },
    async see(taskArns) {
      const sights = new Map<string, TaskSight>();
      for (let first = 0; first < taskArns.length; first += DESCRIBE_MAX) {
        const asked = taskArns.slice(first, first + DESCRIBE_MAX);
        const { tasks } = await ecs.send(
          new DescribeTasksCommand({ cluster, tasks: asked, include: ['TAGS'] }),
        );
        for (const taskArn of asked) {
          const task = tasks?.find(other => other.taskArn === taskArn);
          sights.set(
            taskArn,
            task === undefined ? { kind: 'unknown', taskArn } : toSight(task, { taskArn, now: now() }),
          );
        }
      }
      return sights;
    },
    async *live() {
      let nextToken: string | undefined;
      do {
        const page = await ecs.send(
          new ListTasksCommand({
            cluster,
            family: variables.TASK_FAMILY,
            desiredStatus: 'RUNNING',
            nextToken,
          }),
        );
        for (const sight of (await this.see(page.taskArns ?? [])).values())
          if (sight.kind === 'live') yield sight;
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
    },
    async note(taskArn, inHand) {
      const note = { at: now().toISOString(), ...(inHand === null ? {} : { inHand }) };
      await state.putJson(noteKey(taskArn), note);
    },
    async noted(taskArn) {
      const found = await state.text(noteKey(taskArn));
      if (found === undefined) return undefined;
      const { at, inHand } = noteSchema.parse(JSON.parse(found.body));
      return { at: new Date(at), ...(inHand === undefined ? {} : { inHand }) };
    },
    forget: taskArn => state.remove(noteKey(taskArn)),
  };
}

/** The account's limit on vCPUs at once; that on calls for each second is an error that passes, and is tried again. */
function asQuota(error: unknown): { quota: string } {
  if (error instanceof Error && /reached the limit|limit on the number of/i.test(error.message))
    return { quota: error.message };
  throw error;
}

function toSight(task: Task, { taskArn, now }: { taskArn: string; now: Date }): TaskSight {
  const [container] = task.containers ?? [];
  if (task.lastStatus === 'STOPPED') {
    return {
      kind: 'stopped',
      task: {
        taskArn,
        ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode }),
        ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
        ...(task.stoppedAt === undefined ? {} : { stoppedAt: task.stoppedAt.toISOString() }),
        ...(container?.exitCode === undefined ? {} : { exitCode: container.exitCode }),
        ...(container?.reason === undefined ? {} : { containerReason: container.reason }),
      },
    };
  }
  const tag = (name: string): string | undefined => task.tags?.find(({ key }) => key === name)?.value;
  const [expiry, networkId] = [tag(EXPIRY_TAG), tag(NETWORK_TAG)];
  return {
    kind: 'live',
    taskArn,
    startedBy: task.startedBy ?? '',
    createdAt: task.createdAt ?? now,
    ...(expiry === undefined || Number.isNaN(Date.parse(expiry)) ? {} : { expiresAt: new Date(expiry) }),
    ...(networkId === undefined ? {} : { networkId }),
  };
}

function noteKey(taskArn: string): string {
  return `tasks/${taskArn.split('/').at(-1) ?? taskArn}.json`;
}
