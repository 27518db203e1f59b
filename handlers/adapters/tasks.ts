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
import { EXPIRY_TAG, taskTags } from '../../core/task-tags';
import type { Tasks } from '../cloud';
import type { LambdaEnvironment } from './environment';
import type { S3Objects } from './s3-objects';

export interface TasksOptions {
  readonly ecs: ECSClient;
  readonly state: S3Objects;
  readonly variables: LambdaEnvironment;
  readonly settings: Settings;
  readonly now: () => Date;
}

/** DescribeTasks takes this many at a time. */
const DESCRIBE_MAX = 100;

const inHandSchema = z.object({ jobId: z.string(), orderId: z.string(), deliveryId: z.string() });

export function ecsTasks(options: TasksOptions): Tasks {
  const { ecs, state, variables, settings, now } = options;
  const cluster = variables.CLUSTER_ARN;
  const subnets = variables.SUBNET_IDS.split(',');

  const run = (
    job: JobRecord,
    launch: Launch,
    place: { capacityProvider: CapacityProvider; subnetIndex: number },
  ): Promise<RunTaskCommandOutput> => {
    const size = job.preset?.content.task;
    const subnet = subnets[place.subnetIndex];
    return ecs.send(
      new RunTaskCommand({
        cluster,
        taskDefinition: variables.TASK_FAMILY,
        count: 1,
        capacityProviderStrategy: [{ capacityProvider: place.capacityProvider, weight: 1 }],
        clientToken: launchToken({ jobId: job.jobId, launch: launch.launch, ...place }),
        startedBy: job.jobId,
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: subnet === undefined ? [] : [subnet],
            securityGroups: [variables.SECURITY_GROUP_ID],
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
        tags: taskTags(job, { requestedAt: new Date(launch.requestedAt), settings }).map(
          ({ name, value }) => ({ key: name, value }),
        ),
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
    async start(job, launch) {
      if (await isFull()) return { kind: 'deferred', reason: `${settings.maxTasks} tasks run` };
      const reasons: string[] = [];
      for (const capacityProvider of capacityPlan(launch, settings)) {
        for (let offset = 0; offset < subnets.length; offset += 1) {
          // Jobs begin in different zones, so that one short of capacity is not asked by all of them first.
          const subnetIndex = (launch.launch + offset) % subnets.length;
          const answer = await run(job, launch, { capacityProvider, subnetIndex }).catch(asQuota);
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
      if (inHand === null) await state.remove(noteKey(taskArn));
      else await state.putJson(noteKey(taskArn), inHand);
    },
    async inHand(taskArn) {
      const found = await state.text(noteKey(taskArn));
      return found === undefined ? undefined : inHandSchema.parse(JSON.parse(found.body));
    },
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
        ...(container?.exitCode === undefined ? {} : { exitCode: container.exitCode }),
        ...(container?.reason === undefined ? {} : { containerReason: container.reason }),
      },
    };
  }
  const expiry = task.tags?.find(({ key }) => key === EXPIRY_TAG)?.value;
  return {
    kind: 'live',
    taskArn,
    startedBy: task.startedBy ?? '',
    createdAt: task.createdAt ?? now,
    ...(expiry === undefined || Number.isNaN(Date.parse(expiry)) ? {} : { expiresAt: new Date(expiry) }),
  };
}

function noteKey(taskArn: string): string {
  return `tasks/${taskArn.split('/').at(-1) ?? taskArn}.json`;
}
