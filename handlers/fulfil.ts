import type { Act } from '../core/attempts';
import { findOrder, withOrder } from '../core/attempts';
import type { PublishResult } from '../core/completion';
import { decideReport, settlePublish } from '../core/completion';
import type { JobRecord, Pending } from '../core/job';
import { settleLaunch } from '../core/launch';
import { isSamePending } from '../core/pending';
import type { OrderReport } from '../core/report';
import type { Cloud, NetworkPlace } from './cloud';
import { issueOrder } from './issue-order';
import { findResult } from './stored-result';
import { supersededBy } from './summaries';

/** What came of a pending item: how the record is settled by it, and what is done then. */
export interface Fulfilled {
  readonly settle: (newest: JobRecord) => JobRecord;
  readonly acts: readonly Act[];
}

/** Does one pending item. */
export async function fulfil(
  cloud: Cloud,
  job: JobRecord,
  { item, place }: { item: Pending; place?: NetworkPlace | undefined },
): Promise<Fulfilled> {
  switch (item.kind) {
    case 'issueOrder': {
      if (findOrder(job, item.orderId)?.state === 'finished')
        return settledBy(newest => without(newest, item));
      const result = item.generation === 1 ? undefined : await findResult(cloud, job, item.orderId);
      if (result !== undefined) return takeResult(cloud, item, result);
      const multipart = await issueOrder(cloud, job, item);
      return settledBy(newest => {
        const order = findOrder(newest, item.orderId);
        const settled = without(newest, item);
        return order === undefined
          ? settled
          : withOrder(settled, { ...order, multipart: { ...order.multipart, ...multipart } });
      });
    }
    case 'launchTask': {
      const launch = job.launches.find(other => other.launch === item.launch);
      if (launch === undefined) return settledBy(newest => without(newest, item));
      const result = await cloud.tasks.start(job, launch, place);
      if (result.kind === 'noCapacity')
        cloud.log.warn('No task could be started', { jobId: job.jobId, reasons: result.reasons });
      if (result.kind === 'deferred')
        cloud.log.info('No task is started now', { jobId: job.jobId, reason: result.reason });
      const network = place === undefined ? {} : { networkId: place.networkId };
      return settledBy(newest => settleLaunch(newest, item.launch, { result, now: cloud.now(), ...network }));
    }
    case 'publish': {
      const result = await publish(cloud, job);
      // Another handler may have published and settled meanwhile: its record stands.
      return settledBy(newest =>
        newest.pending.some(other => isSamePending(other, item))
          ? settlePublish(newest, item.orderId, {
              result,
              context: { now: cloud.now(), settings: cloud.settings },
            })
          : newest,
      );
    }
  }
}

function settledBy(settle: Fulfilled['settle']): Fulfilled {
  return { settle, acts: [] };
}

/** An order that need not be issued again, since its result lies in S3. */
function takeResult(
  cloud: Cloud,
  item: Extract<Pending, { kind: 'issueOrder' }>,
  report: OrderReport,
): Fulfilled {
  const { orderId } = item;
  cloud.log.info('The result of an order was found in S3', { jobId: report.jobId, orderId });
  return {
    settle: newest => {
      const next = without(newest, item);
      const decision = decideReport(next, report, { now: cloud.now(), settings: cloud.settings });
      return decision.kind === 'changed' ? decision.job : next;
    },
    acts: [{ kind: 'closeOrder', orderId }],
  };
}

function without(job: JobRecord, item: Pending): JobRecord {
  return { ...job, pending: job.pending.filter(other => !isSamePending(other, item)) };
}

async function publish(cloud: Cloud, job: JobRecord): Promise<PublishResult> {
  const byJobId = await supersededBy(cloud, job);
  return byJobId === undefined ? cloud.work.publish(job) : { kind: 'superseded', byJobId };
}
