import type { Attempt } from '../../core/job';
import { usageOf } from '../../core/job-usage';
import { acceptedJob, makeSettings, START, taskArn } from '../support/builders';

function attempt(outcome: Attempt['outcome'], heldSeconds: number): Attempt {
  return {
    deliveryId: `1-${heldSeconds}`,
    generation: 1,
    taskArn: taskArn(1),
    startedAt: START.toISOString(),
    lastReportAt: START.toISOString(),
    percent: 0,
    heldSeconds,
    cpuSeconds: 2 * heldSeconds,
    bytesRead: 0,
    ...(outcome === undefined ? {} : { outcome }),
  };
}

describe('the usage of a job', () => {
  const settings = makeSettings({ region: 'us-east-1' });
  const accepted = acceptedJob();
  const attempts = [attempt('reclaimed', 100), attempt('finished', 300), attempt(undefined, 50)];
  const job = { ...accepted, orders: accepted.orders.map(order => ({ ...order, attempts })) };

  it('shows apart what went into attempts that came to nothing', () => {
    const usage = usageOf(job, settings);
    expect(usage).toMatchObject({ taskSeconds: 450, lostSeconds: 100, lostPercent: 22.22, cpuSeconds: 900 });
    expect(usage.lostUsd).toBeCloseTo(usage.estimatedUsd * (100 / 450), 5);
  });

  it('is priced by the region and architecture of the deployment', () => {
    const usdIn = (changes: Parameters<typeof makeSettings>[0]): number =>
      usageOf(job, { ...settings, ...changes }).estimatedUsd;
    expect(usdIn({ region: 'ap-southeast-1' })).toBeGreaterThan(usdIn({}));
    expect(usdIn({ architecture: 'arm64' })).toBeLessThan(usdIn({}));
  });

  it('says when the prices of another region had to stand in', () => {
    expect(usageOf(job, settings)).not.toHaveProperty('pricesAssumed');
    expect(usageOf(job, makeSettings({ region: 'eu-north-1' }))).toMatchObject({
      priceRegion: 'us-east-1',
      pricesAssumed: true,
    });
  });
});
