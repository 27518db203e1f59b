import type { IdleConfig, IdleLine } from '../../../core/cost/idle';
import { idleCost } from '../../../core/cost/idle';

const config: IdleConfig = {
  region: 'us-east-1',
  alarms: true,
  sweepMinutes: 5,
  reconcileMinutes: 60,
  cleanUpMinutes: 60,
  logRetentionDays: 30,
  network: { mode: 'publicSubnet' },
};

function lineOf(what: string, changes: Partial<IdleConfig> = {}): IdleLine | undefined {
  return idleCost({ ...config, ...changes }).lines.find(line => line.what === what);
}

describe('the cost of a month in which nothing runs', () => {
  it('is the sum of its lines', () => {
    const { lines, usd, usdBeyondFree } = idleCost(config);
    expect(lines.reduce((sum, line) => sum + line.usd.likely, 0)).toBeCloseTo(usd, 12);
    expect(lines.reduce((sum, line) => sum + line.usdBeyondFree, 0)).toBeCloseTo(usdBeyondFree, 12);
  });

  it('has eleven alarm metrics, or none', () => {
    expect(lineOf('Alarms')?.usd.likely).toBeCloseTo(1.1, 9);
    expect(lineOf('Alarms', { alarms: false })).toBeUndefined();
  });

  it('counts the sweeps of the month', () => {
    expect(lineOf('Sweep: Lambda requests')?.quantity.likely).toBe(8760);
    expect(lineOf('Sweep: Lambda requests', { sweepMinutes: 1 })?.quantity.likely).toBe(43_800);
  });

  it('counts what each sweep lists, and what it lists now and then', () => {
    const listed = (changes = {}) => lineOf('Sweep: S3 listings and notes', changes)?.quantity.likely;
    expect(listed()).toBe(3 * 8760 + (3 + 4) * 730);
    expect(listed({ cleanUpMinutes: 0 })).toBe(3 * 8760 + 3 * 730 + 4 * 8760);
  });

  it('keeps logs and the image in proportion', () => {
    const kept = (logRetentionDays: number): number =>
      lineOf('Sweep: logs kept', { logRetentionDays })?.usd.likely ?? 0;
    expect(kept(60)).toBeCloseTo(2 * kept(30), 12);
    expect(lineOf('Image of the worker', { imageGb: 1 })?.usd.likely).toBeCloseTo(0.1, 9);
  });

  it('takes the free allowances off once for all lines of an item', () => {
    const requests = 2 * 5 * 180 * 730 + 2 * 8760;
    const [polls, looks] = [
      lineOf('Polling of queues by Lambda'),
      lineOf('Look at the order queues by the sweep'),
    ];
    expect((polls?.usdBeyondFree ?? 0) + (looks?.usdBeyondFree ?? 0)).toBeCloseTo(
      (requests - 1_000_000) * 0.0000004,
      9,
    );
    expect(lineOf('Dashboard')).toMatchObject({ usd: { likely: 3 }, usdBeyondFree: 0 });
  });

  it('says when the prices of another region had to stand in', () => {
    expect(idleCost({ ...config, region: 'eu-north-1' })).toMatchObject({ pricesAssumed: true });
  });
});
