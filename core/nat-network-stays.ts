import { z } from 'zod';
import type { NetworkRecord } from './nat-network-record';

/** What a job is taken to have stayed at least, so that one that ended at once pays its part of the making too. */
const SHORTEST_SECONDS = 60;

/** What a network that is gone has cost one of the jobs that it was there for. */
export const networkReceiptSchema = z.object({
  jobId: z.string(),
  networkId: z.string(),
  /** From when the job asked for it until the job had ended, a minute at least. */
  staySeconds: z.number().min(0),
  /** Of the network's cost. */
  sharePercent: z.number().min(0).max(100),
  usd: z.number().min(0),
  /** Jobs among which the cost is shared. */
  sharedBy: z.int().min(1),
  /** What the whole network has cost. */
  networkUsd: z.number().min(0),
  priceRegion: z.string(),
  pricesAssumed: z.literal(true).optional(),
});

export type NetworkReceipt = z.infer<typeof networkReceiptSchema>;

/** Below this are the receipts of a job, one for each network that it was in, named by the network. */
export const networkReceiptsOf = (jobId: string): string => `network-receipts/${jobId}/`;

export const networkReceiptKey = ({ jobId, networkId }: NetworkReceipt): string =>
  `${networkReceiptsOf(jobId)}${networkId}.json`;

/** The network with one more job. */
export function withJob(record: NetworkRecord, jobId: string, now: Date): NetworkRecord {
  const { idleSince: _over, ...rest } = record;
  return {
    ...rest,
    jobs: [...record.jobs, jobId],
    joinedAt: { ...record.joinedAt, [jobId]: now.toISOString() },
  };
}

/** The network without jobs that need it no more. */
export function withoutJobs(record: NetworkRecord, left: readonly string[], now: Date): NetworkRecord {
  if (left.length === 0) return record;
  const staySeconds = { ...record.staySeconds };
  for (const jobId of left) staySeconds[jobId] = stayOf(record, jobId, now);
  return {
    ...record,
    jobs: record.jobs.filter(jobId => !left.includes(jobId)),
    served: [...record.served, ...left],
    staySeconds,
  };
}

/** What each job pays of a network that is gone: in proportion to how long it stayed. None without a cost. */
export function networkReceipts(record: NetworkRecord): NetworkReceipt[] {
  const { networkId, cost, deletingSince, goneAt = record.updatedAt } = record;
  if (cost === undefined) return [];
  // A job that was still in it when it was taken down stayed until then.
  const end = new Date(deletingSince ?? goneAt);
  const stays = [...new Set([...record.served, ...record.jobs])].map(jobId => {
    const seconds = record.jobs.includes(jobId)
      ? stayOf(record, jobId, end)
      : (record.staySeconds[jobId] ?? 0);
    return { jobId, seconds: Math.max(SHORTEST_SECONDS, seconds) };
  });
  const all = stays.reduce((sum, { seconds }) => sum + seconds, 0);
  const { usd: networkUsd, priceRegion, pricesAssumed } = cost;
  return stays.map(({ jobId, seconds }) => ({
    ...{ jobId, networkId, staySeconds: Number(seconds.toFixed(3)) },
    sharePercent: Number(((100 * seconds) / all).toFixed(3)),
    usd: Number(((networkUsd * seconds) / all).toFixed(6)),
    ...{ sharedBy: stays.length, networkUsd, priceRegion },
    ...(pricesAssumed === undefined ? {} : { pricesAssumed }),
  }));
}

/** Seconds that a job stayed until then, earlier stays included. */
function stayOf(record: NetworkRecord, jobId: string, until: Date): number {
  const joinedAt = record.joinedAt[jobId] ?? record.createdAt;
  const seconds = Math.max(0, (until.getTime() - Date.parse(joinedAt)) / 1000);
  return (record.staySeconds[jobId] ?? 0) + seconds;
}
