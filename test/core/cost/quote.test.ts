import type { Quote, QuoteRequest } from '../../../core/cost/quote';
import { quote } from '../../../core/cost/quote';
import { presetSchema } from '../../../core/preset';
import { hdProbe } from '../../support/probes';

const HOUR = 3600;
const preset = presetSchema.parse({
  outputs: [{ kind: 'video', name: 'v', video: { size: { shortSide: 720 } }, audio: {} }],
});
const request: QuoteRequest = {
  probe: hdProbe(HOUR),
  sourceBytes: 3.6e9,
  preset,
  region: 'us-east-1',
  capacityProvider: 'FARGATE_SPOT',
  architecture: 'x86_64',
  publicAddress: true,
};

function quoted(changes: Partial<QuoteRequest> = {}): Quote {
  const found = quote({ ...request, ...changes });
  if (found === undefined) throw new Error('there is no quote');
  return found;
}

describe('a quote', () => {
  it('is the sum of its lines, of which the task is most for a long video', () => {
    const { lines, usd } = quoted();
    expect(lines.reduce((sum, line) => sum + line.usd.likely, 0)).toBeCloseTo(usd.likely, 12);
    const task = lines.filter(({ what }) => /^(Fargate|Public)/.test(what));
    expect(task.reduce((sum, line) => sum + line.usd.likely, 0)).toBeGreaterThan(0.9 * usd.likely);
  });

  it('has bounds about its likely value', () => {
    const { usd, taskSeconds } = quoted();
    for (const range of [usd, taskSeconds]) {
      expect(range.least).toBeLessThan(range.likely);
      expect(range.most).toBeGreaterThan(range.likely);
    }
  });

  it('compares with on-demand capacity, which is the same but for the price of the task', () => {
    expect(quoted().onDemandUsd).toEqual(quoted({ capacityProvider: 'FARGATE' }).usd);
    expect(quoted().onDemandUsd.likely).toBeGreaterThan(2 * quoted().usd.likely);
  });

  it('is about the same on twice the vCPUs, in half the time', () => {
    const larger = presetSchema.parse({ ...preset, task: { vcpu: 4, memoryGiB: 8 } });
    const [small, large] = [quoted(), quoted({ preset: larger })];
    expect(large.taskSeconds.likely).toBeLessThan(0.6 * small.taskSeconds.likely);
    expect(large.usd.likely / small.usd.likely).toBeCloseTo(1, 1);
  });

  it('has no public address where tasks have none, and is cheaper on ARM', () => {
    expect(quoted({ publicAddress: false }).lines.map(({ item }) => item)).not.toContain('publicIpv4Hour');
    expect(quoted({ architecture: 'arm64' }).usd.likely).toBeLessThan(quoted().usd.likely);
  });

  it('says when the prices of another region had to stand in', () => {
    expect(quoted()).not.toHaveProperty('pricesAssumed');
    expect(quoted({ region: 'eu-north-1' })).toMatchObject({ priceRegion: 'us-east-1', pricesAssumed: true });
  });

  it('is not made where the source does not say how long it lasts', () => {
    const probe = hdProbe(HOUR, { endSeconds: undefined });
    expect(
      quote({ ...request, probe: { ...probe, durationSeconds: undefined, audio: undefined } }),
    ).toBeUndefined();
  });
});

describe('MediaConvert', () => {
  const usdOf = (outputs: object[], probe = request.probe): Quote['mediaConvertUsd'] =>
    quoted({ preset: presetSchema.parse({ outputs }), probe }).mediaConvertUsd;
  const video = (shortSide: number): object => ({
    kind: 'video',
    name: `v${shortSide}`,
    video: { size: { shortSide } },
  });

  it.each([
    ['480p counts once', [video(480)], hdProbe(HOUR), 60],
    ['720p counts twice', [video(720)], hdProbe(HOUR), 120],
    ['above 30 frames a second counts twice as much', [video(720)], hdProbe(HOUR, { frameRate: 50 }), 240],
    ['4K counts four times', [video(2160)], hdProbe(HOUR, { width: 3840, height: 2160 }), 240],
    ['each output counts', [video(720), video(480)], hdProbe(HOUR), 180],
    ['ten seconds are billed at least', [video(480)], hdProbe(1), 10 / 60],
  ] as const)('%s', (...[, outputs, probe, minutes]) => {
    const { basic, professional } = usdOf([...outputs], probe);
    expect(basic).toBeCloseTo(minutes * 0.0075, 9);
    expect(professional).toBeCloseTo(minutes * 0.012, 9);
  });

  it('has no price that is known for sound and stills', () => {
    expect(usdOf([{ kind: 'audio', name: 'a' }])).toEqual({ basic: undefined, professional: undefined });
  });
});
