import { estimate } from '../../core/estimate';
import type { PresetOutput } from '../../core/preset';
import { presetSchema } from '../../core/preset';
import type { Probe } from '../../core/probe';
import { foreseeRenditions } from '../../core/rendition';
import { hdProbe } from '../support/probes';

const TASK = { vcpu: 2, memoryGiB: 4, ephemeralStorageGiB: 21 } as const;

const HD = hdProbe(600);
/** Its sound ends ten seconds before the picture. */
const PROBE: Probe = { ...HD, audio: HD.audio && { ...HD.audio, endSeconds: 590 } };

function outputs(...written: object[]): PresetOutput[] {
  return presetSchema.parse({ outputs: written }).outputs;
}

const video = (changes: object = {}): PresetOutput[] =>
  outputs({ kind: 'video', name: 'v', video: { size: { shortSide: 720 }, ...changes }, audio: {} });

function guess(made: PresetOutput[], probe = PROBE): NonNullable<ReturnType<typeof estimate>> {
  const found = estimate(foreseeRenditions(made, probe), { probe, task: TASK });
  if (found === undefined) throw new Error('there is no estimate');
  return found;
}

describe('what renditions come out of a source', () => {
  it('have the size, rate and length that they will have', () => {
    expect(foreseeRenditions(video({ maxFrameRate: 15 }), PROBE)).toMatchObject([
      {
        fileName: 'v.mp4',
        picture: { width: 1280, height: 720 },
        framesPerSecond: 12.5,
        hasSound: true,
        durationSeconds: 600,
      },
    ]);
  });

  it('lack what the source lacks', () => {
    expect(foreseeRenditions(video(), { ...PROBE, audio: undefined })[0]?.hasSound).toBe(false);
    expect(foreseeRenditions(outputs({ kind: 'still', name: 's' }), PROBE)[0]).not.toHaveProperty(
      'durationSeconds',
    );
    expect(foreseeRenditions(outputs({ kind: 'audio', name: 'a' }), PROBE)[0]).toMatchObject({
      durationSeconds: 590,
      hasSound: true,
    });
  });
});

describe('an estimate', () => {
  it('of ten minutes of 1080p to 720p holds what was measured for it', () => {
    const { encodeSeconds, bytes, spotUsd } = guess(video());
    // 0.57 CPU seconds for two of video on the machine that the constants are from.
    const measuredSeconds = ((0.57 / 2) * 600 + 60) / 2;
    expect(encodeSeconds.least).toBeLessThan(measuredSeconds);
    expect(encodeSeconds.most).toBeGreaterThan(measuredSeconds);
    expect(bytes.get('v.mp4')?.likely).toBeGreaterThan(50e6);
    expect(bytes.get('v.mp4')?.likely).toBeLessThan(200e6);
    expect(spotUsd.likely).toBeGreaterThan(0.0005);
    expect(spotUsd.likely).toBeLessThan(0.01);
  });

  it('grows with a slower encoder and shrinks with a larger crf', () => {
    expect(guess(video({ speed: 'slow' })).encodeSeconds.likely).toBeGreaterThan(
      1.7 * guess(video()).encodeSeconds.likely,
    );
    const sizeAt = (crf: number): number =>
      guess(video({ quality: { crf } })).bytes.get('v.mp4')?.likely ?? 0;
    expect(sizeAt(29)).toBeLessThan(0.6 * sizeAt(23));
  });

  it('never exceeds the cap on the bit rate', () => {
    const { bytes } = guess(video({ quality: { crf: 10, maxBitrateKbps: 1000 } }));
    expect(bytes.get('v.mp4')?.most).toBe(((1000 + 128) * 1000 * 600) / 8);
  });

  it('bills one minute at least', () => {
    const still = guess(outputs({ kind: 'still', name: 's' }));
    expect(still.spotUsd.least).toBe(still.spotUsd.likely);
    expect(still.spotUsd.likely).toBeGreaterThan(0);
  });

  it('is not made where the source does not say how long it lasts', () => {
    const { video: picture } = PROBE;
    const probe: Probe = {
      ...PROBE,
      durationSeconds: undefined,
      audio: undefined,
      video: picture && { ...picture, endSeconds: undefined },
    };
    expect(estimate(foreseeRenditions(video(), probe), { probe, task: TASK })).toBeUndefined();
  });
});
