import { z } from 'zod';
import { priceBasis, taskCostUsd } from '../core/cost/receipt';
import { billedSeconds } from '../core/cost/task';
import type { StoppedTask } from '../core/task-state';
import { classifyStop, decideTaskStopped } from '../core/task-state';
import type { Cloud } from './cloud';
import { changeJob } from './job-steps';

const taskStateEventSchema = z.object({
  'detail-type': z.literal('ECS Task State Change'),
  time: z.string(),
  detail: z.object({
    taskArn: z.string(),
    lastStatus: z.string(),
    startedBy: z.string().optional(),
    capacityProviderName: z.string().optional(),
    cpu: z.string(),
    memory: z.string(),
    ephemeralStorage: z.object({ sizeInGiB: z.number() }).optional(),
    createdAt: z.string(),
    pullStartedAt: z.string().optional(),
    stoppedAt: z.string().optional(),
    stopCode: z.string().optional(),
    stoppedReason: z.string().optional(),
    containers: z
      .array(z.object({ exitCode: z.number().optional(), reason: z.string().optional() }))
      .default([]),
  }),
});

type TaskDetail = z.infer<typeof taskStateEventSchema>['detail'];

/** "ECS Task State Change" events of the cluster: gives back what a stopped task had in hand and books what it cost. */
export function taskStateHandler(cloud: Cloud): (event: unknown) => Promise<void> {
  return async event => {
    const { detail, time } = taskStateEventSchema.parse(event);
    if (detail.lastStatus !== 'STOPPED') return;
    await bookReceipt(cloud, detail, time);
    await taskStopped(cloud, toStoppedTask(detail), detail.startedBy);
  };
}

/** Tells the job that the task was started for, and the one whose order it had in hand, of its end. */
async function taskStopped(cloud: Cloud, task: StoppedTask, startedBy: string | undefined): Promise<void> {
  const note = await cloud.tasks.noted(task.taskArn);
  const jobIds = new Set([startedBy, note?.inHand?.jobId].filter(jobId => jobId !== undefined));
  for (const jobId of jobIds) {
    await changeJob(cloud, { jobId }, job =>
      decideTaskStopped(job, task, { now: cloud.now(), settings: cloud.settings }),
    );
  }
  await cloud.tasks.forget(task.taskArn);
}

function toStoppedTask({ taskArn, stopCode, stoppedReason, stoppedAt, containers }: TaskDetail): StoppedTask {
  const [worker] = containers;
  return {
    taskArn,
    ...(stopCode === undefined ? {} : { stopCode }),
    ...(stoppedReason === undefined ? {} : { stoppedReason }),
    ...(stoppedAt === undefined ? {} : { stoppedAt }),
    ...(worker?.exitCode === undefined ? {} : { exitCode: worker.exitCode }),
    ...(worker?.reason === undefined ? {} : { containerReason: worker.reason }),
  };
}

async function bookReceipt(cloud: Cloud, detail: TaskDetail, time: string): Promise<void> {
  // A task that never began to pull its image is not billed.
  if (detail.pullStartedAt === undefined || detail.startedBy === undefined) return;
  const stoppedAt = detail.stoppedAt ?? time;
  const seconds = billedSeconds(new Date(detail.pullStartedAt), new Date(stoppedAt));
  const capacityProvider = detail.capacityProviderName === 'FARGATE' ? 'FARGATE' : 'FARGATE_SPOT';
  const size = {
    vcpu: Number(detail.cpu) / 1024,
    memoryGiB: Number(detail.memory) / 1024,
    ephemeralStorageGiB: detail.ephemeralStorage?.sizeInGiB ?? 0,
  };
  const usd = Number(taskCostUsd({ size, seconds, capacityProvider }, cloud.settings).toFixed(6));
  const added = await cloud.jobs.addReceipt({
    jobId: detail.startedBy,
    taskArn: detail.taskArn,
    capacityProvider,
    billedSeconds: seconds,
    usd,
    ...priceBasis(cloud.settings),
    stoppedAt,
    ...(detail.stopCode === undefined ? {} : { stopCode: detail.stopCode }),
  });
  if (!added) return;
  cloud.measure({ name: 'BilledTaskSeconds', value: seconds });
  cloud.measure({ name: 'BilledTaskUsd', value: usd });
  // Counted by the task, not by a job: it may have held the order of another than the one it was started for.
  if (classifyStop(toStoppedTask(detail)) === 'reclaimed') cloud.measure({ name: 'SpotReclaims', value: 1 });
}
