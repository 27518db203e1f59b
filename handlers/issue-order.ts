import { findOrder } from '../core/attempts';
import { goesFirst } from '../core/deadline';
import type { JobRecord, OrderState, Pending } from '../core/job';
import { makeOrder } from '../core/make-order';
import type { Cloud } from './cloud';

/** Puts an order on the queue with fresh URLs and a ticket; deliveries of earlier generations are stale from here on. */
export async function issueOrder(
  cloud: Cloud,
  job: JobRecord,
  item: Extract<Pending, { kind: 'issueOrder' }>,
): Promise<OrderState['multipart']> {
  const order = findOrder(job, item.orderId);
  if (order === undefined || order.generation !== item.generation) return {};
  const { access, multipart, inputUrls } = await cloud.work.grant(job, order);
  await cloud.work.writeTicket({
    jobId: job.jobId,
    orderId: order.orderId,
    ticket: { schema: 'spotreel.ticket/1', generation: order.generation, inputUrls },
  });
  const ahead = item.ahead === true || goesFirst(job);
  await cloud.orders.send(makeOrder(job, order, { access, now: cloud.now(), settings: cloud.settings }), {
    ahead,
  });
  cloud.log.info('Order issued', { jobId: job.jobId, orderId: order.orderId, generation: order.generation });
  return multipart;
}
