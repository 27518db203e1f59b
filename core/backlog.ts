import type { JobRecord, Launch, OrderState } from './job';
import { isLive } from './launch';
import type { Settings } from './settings';

/** Open orders of a cut job for each of its tasks: a task takes about as long to start as a chunk to encode, so that one for each order would be billed for starting above all. */
const ORDERS_PER_TASK = 2;

/** Orders that are still to be done. */
export function openOrders(job: Pick<JobRecord, 'orders'>): OrderState[] {
  return job.orders.filter(({ state }) => state === 'waiting' || state === 'queued' || state === 'running');
}

/** Orders of one job that are out at once: enough that no task waits for the next, few enough that no URL ends in the queue. */
export function issueWindow({ maxTasksPerJob }: Pick<Settings, 'maxTasksPerJob'>): number {
  return maxTasksPerJob * ORDERS_PER_TASK + 1;
}

/** Tasks that the open orders of a job are worth. */
export function wantedTasks(
  job: Pick<JobRecord, 'orders'>,
  { maxTasksPerJob }: Pick<Settings, 'maxTasksPerJob'>,
): number {
  return Math.min(maxTasksPerJob, Math.ceil(openOrders(job).length / ORDERS_PER_TASK));
}

/** Launches whose task is there, or asked for, and takes further orders: one that gave an order back is about to end. */
export function servingLaunches(job: Pick<JobRecord, 'orders' | 'launches'>): Launch[] {
  const leaving = new Set(
    job.orders.flatMap(({ attempts }) =>
      attempts
        .filter(({ outcome }) => outcome === 'returned' || outcome === 'stalled')
        .map(({ taskArn }) => taskArn),
    ),
  );
  return job.launches.filter(
    launch => isLive(launch) && !(launch.taskArn !== undefined && leaving.has(launch.taskArn)),
  );
}

/** Tasks that a job's backlog is worth beyond those that it has. */
export function missingTasks(
  job: Pick<JobRecord, 'orders' | 'launches'>,
  settings: Pick<Settings, 'maxTasksPerJob'>,
): number {
  return Math.max(0, wantedTasks(job, settings) - servingLaunches(job).length);
}
