import { billedTaskSeconds, encodeSeconds } from '../../../core/cost/encode-time';
import { ENCODE_TIMES } from '../../../core/cost/encode-times';
import { exactly } from '../../../core/cost/range';
import type { Preset } from '../../../core/preset';
import { presetSchema } from '../../../core/preset';
import { foreseeRenditions } from '../../../core/rendition';
import { hdProbe } from '../../support/probes';

const TASK = { vcpu: 2, memoryGiB: 4, ephemeralStorageGiB: 21 } as const;
const PROBE = hdProbe(10);
/** Megapixels of the source, and of 720p. */
const [SOURCE, SMALL] = [1.92 * 1.08 * 250, 1.28 * 0.72 * 250];

function likely(outputs: object[], probe = PROBE): number | undefined {
  const preset: Preset = presetSchema.parse({ outputs });
  return encodeSeconds(foreseeRenditions(preset.outputs, probe), { probe, task: TASK })?.likely;
}

const video = (size: object = {}): object => ({ kind: 'video', name: 'v', video: size });
const sound = { kind: 'audio', name: 'a' };
const still = { kind: 'still', name: 's' };
const [decode, encode, scale] = [0.0022, 0.014, 0.0012];
const av1 = 3 * encode;
/** With the decoding of what was encoded. */
const compare = 0.0012 + decode;
/** Three places of 1.5 s among ten seconds; four factors, and two more now and then. */
const TRIED = 0.45;
const FACTORS = 4 * 1.15;

describe('the time of an encode', () => {
  it.each([
    ['decodes and encodes each pixel', [video()], SOURCE * (decode + encode)],
    [
      'scales too, where the output is smaller',
      [video({ size: { shortSide: 720 } })],
      SOURCE * (decode + scale) + SMALL * encode,
    ],
    [
      'decodes once for several outputs',
      [video(), { ...video(), name: 'w' }],
      SOURCE * (decode + 2 * encode),
    ],
    ['takes HEVC a multiple of H.264', [video({ codec: 'hevc' })], SOURCE * (decode + 2.4 * encode)],
    [
      'takes a mezzanine the same at any speed',
      [{ ...video({ codec: 'dnxhr', speed: 'slow' }), container: 'mov' }],
      SOURCE * (decode + 0.007),
    ],
    [
      'tries seconds of it with several factors, where a quality is asked for',
      [video({ quality: { target: { score: 0.97 } } })],
      SOURCE * (decode + encode) +
        SOURCE * TRIED * (1.3 * decode + FACTORS * encode) +
        0.1 * SOURCE * (decode + encode),
    ],
    [
      'compares all of it with the source too, where the encoder does not measure',
      [video({ codec: 'av1', quality: { target: { score: 0.97 } } })],
      SOURCE * (decode + av1) +
        SOURCE * TRIED * (1.3 * 2 * decode + FACTORS * (av1 + compare)) +
        SOURCE * (decode + compare) +
        0.1 * SOURCE * (2 * decode + av1 + compare),
    ],
    ['is short for sound', [sound], 10 * 0.038],
    ['is a second for a still', [still], 1],
  ])('%s', (_, outputs, cpuSeconds) => {
    expect(likely(outputs)).toBeCloseTo(cpuSeconds / (2 * 0.85), 6);
  });

  it('grows with every step of the encoder to better quality', () => {
    const likelies = Object.values(ENCODE_TIMES.encode).map(range => range.likely);
    expect(likelies).toEqual([...likelies].sort((a, b) => a - b));
    for (const { least, likely: most, ...rest } of Object.values(ENCODE_TIMES.encode))
      expect(least < most && most < rest.most).toBe(true);
  });

  it('cannot be told of a source that does not say how long it lasts', () => {
    const { audio: _, ...silent } = hdProbe(10, { endSeconds: undefined });
    expect(likely([video()], { ...silent, audio: undefined, durationSeconds: undefined })).toBeUndefined();
  });
});

describe('the billed time of a task', () => {
  it('is a minute at least, and has what comes before and after', () => {
    expect(billedTaskSeconds(exactly(1))).toEqual({ least: 60, likely: 60, most: 91 });
    expect(billedTaskSeconds(exactly(100))).toEqual({ least: 120, likely: 140, most: 190 });
  });
});
