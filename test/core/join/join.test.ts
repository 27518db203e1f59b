import { joinSources } from '../../../core/join/join';
import type { FurtherPart } from '../../../core/join/join';
import { trimGroups } from '../../../core/join/trim-groups';
import { fitBox } from '../../../core/join/part-filters';
import { expectedDurationSeconds } from '../../../core/expected-duration';
import { presetSchema } from '../../../core/preset';
import type { PresetOutput } from '../../../core/preset';
import type { AudioStream, Probe, VideoStream } from '../../../core/probe';
import { toSourceFacts } from '../../../core/source-facts';
import { hdProbe } from '../../support/probes';

const outputsOf = (...outputs: object[]): PresetOutput[] => presetSchema.parse({ outputs }).outputs;
const VIDEO = outputsOf({ kind: 'video', name: 'v', audio: {} });
const SOUND = outputsOf({ kind: 'audio', name: 'a' });
const intro = (probe: Probe): FurtherPart => ({
  inputId: 'intro/0',
  fileName: 'i.mp4',
  place: 'intro',
  probe,
});
const all = { startSeconds: 0 };

function joined(main: Probe, changes: Partial<VideoStream>, outputs = VIDEO): Probe {
  return joinSources(main, [intro(hdProbe(2, changes))], { outputs, excerpt: all });
}

describe('a joined source', () => {
  it.each<[string, Partial<VideoStream>, Partial<VideoStream>]>([
    ['size', { width: 720, height: 1280 }, { width: 720, height: 1280 }],
    ['even size', { width: 321, height: 181 }, { width: 320, height: 180 }],
    [
      'rate',
      { frameRate: 30_000 / 1001, declaredFrameRate: 30_000 / 1001 },
      { frameRate: 30_000 / 1001, timeBase: '1001/30000' },
    ],
    [
      'rate, where it is variable, is the declared one',
      { frameRate: 24.1, declaredFrameRate: 30 },
      { frameRate: 30, declaredFrameRate: 30 },
    ],
    [
      'rate, where it declares none that is one',
      { frameRate: 24.1, declaredFrameRate: 90_000 },
      { frameRate: 30, declaredFrameRate: 30 },
    ],
    ['fields are frames by then', { interlaced: true }, { interlaced: false }],
    ['colors', { matrix: 'smpte170m' }, { matrix: 'smpte170m', transfer: 'smpte170m' }],
    [
      'HDR is SDR by then, unless an output keeps it',
      { transfer: 'smpte2084', matrix: 'bt2020nc' },
      { matrix: 'bt709', transfer: 'bt709' },
    ],
  ])('is like its main one: %s', (_what, own, expected) => {
    expect(joined(hdProbe(10, own), {}).video).toMatchObject(expected);
  });

  it('stays HDR where an output keeps it', () => {
    const keeping = outputsOf({
      kind: 'video',
      name: 'v',
      video: { codec: 'hevc', bitDepth: 10, hdr: 'keep' },
    });
    const hdr = hdProbe(10, { transfer: 'arib-std-b67', matrix: 'bt2020nc' });
    const { video, join } = joined(hdr, {}, keeping);
    expect(video).toMatchObject({ transfer: 'arib-std-b67', matrix: 'bt2020nc' });
    expect(join?.picture).toMatchObject({ keepHdr: true, pixelFormat: 'yuv420p10le' });
  });

  it.each([
    [2, 50],
    [2.013, 50],
    [2.021, 51],
    [0.001, 1],
  ])('shows a part of %d s for %i whole frames', (endSeconds, frames) => {
    expect(joined(hdProbe(10), { endSeconds }).join?.parts[0]?.units).toBe(frames);
  });

  it('goes by the sound where there is no picture to show', () => {
    const { join, video, durationSeconds } = joined(hdProbe(10), { endSeconds: 1 }, SOUND);
    expect(join?.parts.map(({ units }) => units)).toEqual([96_000, 480_000]);
    expect([video, durationSeconds]).toEqual([undefined, 12]);
  });

  it('has the tracks of its main source, each with the same language of the others or what players take', () => {
    const track = (index: number, language?: string): AudioStream => ({
      ...{ index, codec: 'aac', channels: 2, sampleRateHz: 44_100, language, endSeconds: 2 },
    });
    const main = { ...hdProbe(10), audio: track(1, 'deu'), audioTracks: [track(1, 'deu'), track(2, 'fra')] };
    const other = { ...hdProbe(2), audio: track(5, 'eng'), audioTracks: [track(5, 'eng'), track(6, 'fra')] };
    const { join } = joinSources(main, [intro(other)], { outputs: VIDEO, excerpt: all });
    expect(join?.sounds.map(({ streams }) => streams.map(stream => stream?.index))).toEqual([
      [5, 1],
      [6, 2],
    ]);
  });

  it('has sound where only its intro has', () => {
    const silent = { ...hdProbe(10), audio: undefined };
    const { join, audio } = joined(silent, {});
    expect(audio?.index).toBe(1);
    expect(join?.sounds[0]?.streams.map(stream => stream?.index)).toEqual([1, undefined]);
  });

  it('is as long as all parts, and an output with a trim as its part of the main one and the others', () => {
    const facts = toSourceFacts(joined(hdProbe(10), {}));
    const [trimmed] = outputsOf({ kind: 'video', name: 'v', trim: { startSeconds: 3, endSeconds: 30 } });
    expect(facts.parts).toEqual([{ fileName: 'i.mp4', place: 'intro', durationSeconds: 2 }]);
    expect(VIDEO.map(output => expectedDurationSeconds(facts, output))).toEqual([12]);
    expect(trimmed && expectedDurationSeconds(facts, trimmed)).toBe(9);
  });
});

describe('outputs of a joined source', () => {
  it('are made together where they show the same of the main one', () => {
    const trim = { startSeconds: 1 };
    const outputs = outputsOf(
      { kind: 'video', name: 'a', trim },
      { kind: 'still', name: 's' },
      { kind: 'audio', name: 'b', trim },
    );
    expect(
      trimGroups(outputs).map(({ outputs: some, excerpt }) => [excerpt, some.map(({ name }) => name)]),
    ).toEqual([
      [trim, ['a', 'b']],
      [all, ['s']],
    ]);
  });
});

describe('fitBox', () => {
  it.each([
    [
      { width: 1920, height: 1080 },
      { width: 1280, height: 720 },
    ],
    [
      { width: 640, height: 360 },
      { width: 1280, height: 720 },
    ],
    [
      { width: 640, height: 480 },
      { width: 960, height: 720 },
    ],
    [
      { width: 1080, height: 1920 },
      { width: 406, height: 720 },
    ],
    [
      { width: 4000, height: 1 },
      { width: 1280, height: 2 },
    ],
  ])('makes %o as large as fits', (source, scaled) => {
    const box = { width: 1280, height: 720 };
    expect(fitBox(source, box)).toEqual({ scaled, final: box });
  });
});
