import { chooseRungs } from '../../../core/adaptive/rungs';
import type { AdaptiveOutput } from '../../../core/preset';
import { presetSchema } from '../../../core/preset';
import { videoRenditions } from '../../../core/video-rendition';
import { HD_VIDEO as VIDEO } from '../../support/probes';

function adaptive(more: object = {}): AdaptiveOutput {
  const [output] = presetSchema.parse({ outputs: [{ kind: 'adaptive', name: 'web', ...more }] }).outputs;
  if (output?.kind !== 'adaptive') throw new Error('it is adaptive');
  return output;
}

function names(width: number, height: number, more: object = {}): string[] {
  const video = { ...VIDEO, width, height };
  return videoRenditions([adaptive(more)], { video }).map(({ id }) => id.replace('web@', ''));
}

describe('chooseRungs', () => {
  it.each<[string, number, number, string[]]>([
    ['full HD', 1920, 1080, ['1080p', '720p', '480p', '360p']],
    ['4K', 3840, 2160, ['1080p', '720p', '480p', '360p']],
    ['a phone held upright', 1080, 1920, ['1080p', '720p', '480p', '360p']],
    ['one between two sizes', 1600, 900, ['900p', '720p', '480p', '360p']],
    ['one hardly larger than a size', 1366, 768, ['720p', '480p', '360p']],
    ['a small one', 320, 180, ['180p']],
  ])('never enlarges %s', (_title, ...[width, height, expected]) => {
    expect(names(width, height)).toEqual(expected);
  });

  it.each<[string, object, number, number]>([
    ['H.264', {}, 25, 5000],
    ['HEVC', { video: { codec: 'hevc' } }, 25, 3250],
    ['AV1', { video: { codec: 'av1' } }, 25, 2750],
    ['60 frames a second', {}, 60, 7500],
    ['60 frames a second cut to 30', { video: { maxFrameRate: 30 } }, 60, 5000],
  ])('caps %s', (_title, ...[more, frameRate, kbps]) => {
    const [largest] = chooseRungs(adaptive(more), { ...VIDEO, frameRate });
    expect(largest?.quality.maxBitrateKbps).toBe(kbps);
  });

  it('takes the sizes of the preset in any order', () => {
    expect(names(1920, 1080, { rungs: [{ shortSide: 360 }, { shortSide: 1080 }] })).toEqual([
      '1080p',
      '360p',
    ]);
  });

  it('does not take a size twice', () => {
    const output = { kind: 'adaptive', name: 'web', rungs: [{ shortSide: 360 }, { shortSide: 360 }] };
    const parsed = presetSchema.safeParse({ outputs: [output] });
    expect(parsed.error?.issues).toMatchObject([{ path: ['outputs', 0, 'rungs', '1', 'shortSide'] }]);
  });
});
