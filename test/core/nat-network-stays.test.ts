import type { NetworkRecord } from '../../core/nat-network-record';
import { newNetwork } from '../../core/nat-network-record';
import {
  networkReceiptKey,
  networkReceiptSchema,
  networkReceipts,
  withJob,
  withoutJobs,
} from '../../core/nat-network-stays';
import { at } from '../support/builders';

const COST = { natHours: 1, natGb: 0.01, addressHours: 0.5, usd: 0.06, priceRegion: 'us-east-1' };

const made = newNetwork({
  ...{ networkId: 'net-1', attempt: 1, now: at(0), expiryMinutes: 720 },
  job: { jobId: 'a', requestedBy: 'ada' },
});
const gone = (record: NetworkRecord, seconds: number): NetworkRecord => ({
  ...record,
  status: 'gone',
  deletingSince: at(seconds).toISOString(),
  goneAt: at(seconds + 200).toISOString(),
  cost: COST,
});
const usdOf = (record: NetworkRecord): Record<string, number> =>
  Object.fromEntries(networkReceipts(record).map(({ jobId, usd }) => [jobId, usd]));

describe('what a network has cost', () => {
  it('is paid by the one job that it was there for', () => {
    const record = gone(withoutJobs(made, ['a'], at(600)), 900);
    expect(networkReceipts(record)).toEqual([
      {
        ...{ jobId: 'a', networkId: 'net-1', staySeconds: 600, sharePercent: 100, usd: 0.06 },
        ...{ sharedBy: 1, networkUsd: 0.06, priceRegion: 'us-east-1' },
      },
    ]);
  });

  it('is shared in proportion to how long each job was in it', () => {
    const both = withJob(made, 'b', at(300));
    const record = gone(withoutJobs(withoutJobs(both, ['a'], at(900)), ['b'], at(600)), 1200);
    expect(usdOf(record)).toEqual({ a: 0.045, b: 0.015 });
  });

  it('counts a job that ended at once for a minute', () => {
    const record = gone(withoutJobs(withJob(made, 'b', at(0)), ['a', 'b'], at(0)), 300);
    expect(networkReceipts(record).map(({ staySeconds, usd }) => [staySeconds, usd])).toEqual([
      [60, 0.03],
      [60, 0.03],
    ]);
  });

  it('counts one that was still in it up to when it was taken down', () => {
    const record = gone(withJob(made, 'b', at(500)), 1000);
    expect(networkReceipts(record).map(({ staySeconds }) => staySeconds)).toEqual([1000, 500]);
  });

  it('adds up the stays of one that came twice', () => {
    const twice = withJob(withoutJobs(made, ['a'], at(100)), 'a', at(500));
    expect(networkReceipts(gone(withoutJobs(twice, ['a'], at(700)), 900))).toMatchObject([
      { staySeconds: 300, sharedBy: 1 },
    ]);
  });

  it('is not known while it is there', () => {
    expect(networkReceipts(made)).toEqual([]);
  });

  it('is told by job and network', () => {
    const [receipt] = networkReceipts(gone(made, 900));
    expect(networkReceiptKey(networkReceiptSchema.parse(receipt))).toBe('network-receipts/a/net-1.json');
  });
});

describe('a job that comes', () => {
  it('ends the idleness of a network', () => {
    const idle: NetworkRecord = { ...made, jobs: [], idleSince: at(10).toISOString() };
    expect(withJob(idle, 'b', at(20))).not.toHaveProperty('idleSince');
  });
});
