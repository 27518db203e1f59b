import { isTerminal } from '../core/job';
import type { Cloud, OrderReference } from './cloud';

/**
 * Takes orders off the queues that nobody waits for any more, such as those of a cancelled job. A worker does so with
 * each that it comes to, but none is started for them, and they would look like orders that wait.
 */
export async function drainStaleOrders(cloud: Cloud): Promise<void> {
  const removed = await cloud.orders.removeStale(async order => !(await isWanted(cloud, order)));
  if (removed > 0) cloud.log.info('Orders that nobody waits for were removed', { removed });
}

async function isWanted(cloud: Cloud, { jobId, orderId, generation }: OrderReference): Promise<boolean> {
  const job = (await cloud.jobs.read(jobId))?.job;
  if (job === undefined || isTerminal(job.status)) return false;
  const order = job.orders.find(other => other.orderId === orderId);
  // The record is written before the message, so that no message is of a later generation.
  return order?.generation === generation && (order.state === 'queued' || order.state === 'running');
}
