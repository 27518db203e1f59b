import type { Act } from '../core/attempts';
import { findOrder } from '../core/attempts';
import type { Cloud, StoredJob } from './cloud';

/** Does what a decision asks for beside the record. What a handler that dies leaves undone the sweep does, or a worker asks for again. */
export async function perform(cloud: Cloud, stored: StoredJob, acts: readonly Act[]): Promise<void> {
  const { job } = stored;
  for (const act of acts) {
    switch (act.kind) {
      case 'noteTask':
        await cloud.tasks.note(act.taskArn, act.inHand);
        break;
      case 'noteIdle': {
        const note = await cloud.tasks.noted(act.taskArn);
        // Reports overtake each other: it may have the next order in hand already.
        if (note?.inHand?.deliveryId === act.deliveryId) await cloud.tasks.note(act.taskArn, null);
        break;
      }
      case 'stopTask':
        await cloud.tasks.stop(act.taskArn, act.reason);
        break;
      case 'stopUnused':
        if ((await cloud.tasks.noted(act.taskArn))?.inHand === undefined)
          await cloud.tasks.stop(act.taskArn, act.reason);
        break;
      case 'closeOrder':
        await cloud.work.closeOrder({ jobId: job.jobId, orderId: act.orderId });
        break;
      case 'renewAccess': {
        const order = findOrder(job, act.orderId);
        // A worker with an older generation gets nothing: its order is out again.
        if (order === undefined || order.generation !== act.generation) break;
        const { access, inputUrls } = await cloud.work.grant(job, order);
        await cloud.work.writeTicket({
          jobId: job.jobId,
          orderId: act.orderId,
          ticket: { schema: 'spotreel.ticket/1', generation: order.generation, access, inputUrls },
        });
        break;
      }
    }
  }
}
