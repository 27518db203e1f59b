import { priceBasis, taskCostUsd } from '../../../core/cost/receipt';
import { billedSeconds } from '../../../core/cost/task';

const size = { vcpu: 2, memoryGiB: 4, ephemeralStorageGiB: 20 };
const HERE = { region: 'us-east-1', architecture: 'x86_64' } as const;

describe('what a task costs', () => {
  const hour = { size, seconds: 3600, capacityProvider: 'FARGATE' } as const;
  const [vcpu, memory, disk, address] = [0.04048, 0.004445, 0.000111, 0.005];

  it.each([
    ['an hour on demand', hour, HERE, 2 * vcpu + 4 * memory + address],
    [
      'an hour on Spot, of which the address costs the same',
      { ...hour, capacityProvider: 'FARGATE_SPOT' as const },
      HERE,
      (2 * vcpu + 4 * memory) * 0.35 + address,
    ],
    ['half an hour', { ...hour, seconds: 1800 }, HERE, (2 * vcpu + 4 * memory + address) / 2],
    ['an hour without a public address', hour, { ...HERE, publicAddress: false }, 2 * vcpu + 4 * memory],
    [
      'an hour with 10 GiB more disk than every task has',
      { ...hour, size: { ...size, ephemeralStorageGiB: 30 } },
      HERE,
      2 * vcpu + 4 * memory + address + 10 * disk,
    ],
    [
      'an hour on ARM',
      hour,
      { ...HERE, architecture: 'arm64' as const },
      2 * 0.03238 + 4 * 0.00356 + address,
    ],
    [
      'an hour in Singapore',
      hour,
      { ...HERE, region: 'ap-southeast-1' },
      2 * 0.05056 + 4 * 0.00553 + address,
    ],
  ] as const)('%s', (...[, task, deployment, usd]) => {
    expect(taskCostUsd(task, deployment)).toBeCloseTo(usd, 10);
  });

  it('in a region without prices is that of us-east-1, marked as assumed', () => {
    expect(priceBasis({ ...HERE, region: 'eu-north-1' })).toEqual({
      priceRegion: 'us-east-1',
      pricesAssumed: true,
    });
    expect(priceBasis(HERE)).toEqual({ priceRegion: 'us-east-1' });
  });
});

describe('billed seconds', () => {
  it.each([
    ['a minute at least', 3, 60],
    ['whole seconds, begun ones counted', 61.2, 62],
  ])('are %s', (_, seconds, billed) => {
    expect(billedSeconds(new Date(0), new Date(seconds * 1000))).toBe(billed);
  });
});
