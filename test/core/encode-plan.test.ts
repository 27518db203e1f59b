import type { FfmpegPlan } from '../../core/encode-plan';
import { planEncode } from '../../core/encode-plan';
import { presetSchema } from '../../core/preset';
import type { AudioStream, Probe, VideoStream } from '../../core/probe';
import { HD_VIDEO as VIDEO } from '../support/probes';

const AUDIO: AudioStream = {
  index: 1,
  codec: 'aac',
  channels: 6,
  sampleRateHz: 44_100,
  language: 'deu',
  endSeconds: 60,
};

const source = (video: Partial<VideoStream> = {}, audio: Partial<AudioStream> = {}): Probe => ({
  format: 'mov',
  durationSeconds: 60,
  startSeconds: 0,
  video: { ...VIDEO, ...video },
  audio: { ...AUDIO, ...audio },
  audioTracks: [{ ...AUDIO, ...audio }],
  captionStreams: [],
  tags: { title: undefined, creationTime: undefined },
  found: '',
});

function plan(outputs: readonly object[], probe: Probe = source()): FfmpegPlan {
  const { encode } = planEncode(presetSchema.parse({ outputs }).outputs, probe);
  if (encode === undefined) throw new Error('nothing to encode');
  return encode;
}

/** What stands after an option of the first file. */
function option({ files }: FfmpegPlan, name: string): string | undefined {
  const options = files[0]?.options ?? [];
  const at = options.indexOf(name);
  return at < 0 ? undefined : options[at + 1];
}

const FULL = { kind: 'video', name: 'full' };
const SMALL = { kind: 'video', name: 'small', video: { size: { shortSide: 360 } }, audio: {} };

describe('planEncode', () => {
  it('decodes once for all videos, and scales a smaller one from a larger', () => {
    const { filterGraph, files } = plan([SMALL, FULL]);
    expect(filterGraph).toEqual([
      expect.stringMatching(/^\[0:0\]scale=w=1920:h=1080:flags=lanczos:.*,split=2\[v1\]\[s0\]$/),
      '[s0]scale=w=640:h=360:flags=lanczos,setsar=1[v0]',
    ]);
    expect(files.map(({ fileName, options }) => [fileName, options[1]])).toEqual([
      ['small.mp4', '[v0]'],
      ['full.mp4', '[v1]'],
    ]);
  });

  it('has nothing to encode for stills alone', () => {
    expect(
      planEncode(presetSchema.parse({ outputs: [{ kind: 'still', name: 's' }] }).outputs, source()).encode,
    ).toBeUndefined();
  });

  it('caps the bit rate over two seconds when that is asked for', () => {
    const capped = plan([{ ...FULL, video: { quality: { crf: 20, maxBitrateKbps: 3000 } } }]);
    expect([option(capped, '-crf'), option(capped, '-maxrate'), option(capped, '-bufsize')]).toEqual([
      '20',
      '3000k',
      '6000k',
    ]);
    expect(option(plan([FULL]), '-maxrate')).toBeUndefined();
  });

  it('sets a key frame every two seconds', () => {
    expect(option(plan([FULL]), '-g')).toBe('50');
    expect(option(plan([FULL]), '-force_key_frames')).toBe('expr:gte(t,n_forced*2)');
  });

  it('keeps the time of every frame when the rate is not capped', () => {
    expect(option(plan([FULL]), '-enc_time_base:v')).toBe('1/12800');
    expect(plan([FULL]).filterGraph.join()).not.toContain('fps=');
  });

  it.each([
    ['h264', '-x264-params', 'fps=25'],
    ['hevc', '-x265-params', 'log-level=warning:open-gop=0:scenecut=0:fps=25'],
    ['av1', '-svtav1-params', 'fps-num=25:fps-denom=1'],
  ])('tells %s the rate of frames whose times are changed, which ffmpeg forgets', (codec, name, told) => {
    expect(option(plan([{ kind: 'adaptive', name: 'a', video: { codec } }]), name)).toBe(told);
  });

  it.each([
    ['hevc', '-x265-params', /:fps=25:max-cll=900,300$/],
    ['av1', '-svtav1-params', /^fps-num=25:fps-denom=1:content-light=900,300$/],
  ])('tells %s the brightness of an HDR10 source beside its rate', (codec, name, told) => {
    const video = { codec, bitDepth: 10, hdr: 'keep' };
    const bright = { transfer: 'smpte2084', hdrMetadata: { light: { maxContent: 900, maxAverage: 300 } } };
    expect(option(plan([{ kind: 'adaptive', name: 'a', video }], source(bright)), name)).toMatch(told);
  });

  it('does not let an absurd declared rate reach the encoder', () => {
    const odd = plan([FULL], source({ frameRate: 7.2, declaredFrameRate: 57_600 }));
    expect(option(odd, '-x264-params')).toBe('fps=7.2');
    expect(option(odd, '-g')).toBe('15');
  });

  it('drops frames above the cap before it scales', () => {
    const capped = plan(
      [{ ...FULL, video: { maxFrameRate: 30 } }],
      source({ frameRate: 60, declaredFrameRate: 60 }),
    );
    expect(capped.filterGraph[0]).toMatch(/^\[0:0\]fps=fps=30,scale=/);
    expect(option(capped, '-enc_time_base:v')).toBeUndefined();
    expect(option(capped, '-g')).toBe('60');
  });

  it.each<[string, Partial<VideoStream>, string, string]>([
    [
      'keeps BT.601',
      { matrix: 'bt470bg', primaries: 'bt470bg', transfer: 'smpte170m' },
      'in_color_matrix=bt470bg:out_color_matrix=bt470bg',
      'bt470bg',
    ],
    [
      'takes untagged HD for BT.709',
      { matrix: undefined, primaries: undefined, transfer: undefined },
      'in_color_matrix=bt709:out_color_matrix=bt709',
      'bt709',
    ],
    [
      'takes untagged SD for BT.601',
      { width: 640, height: 480, matrix: undefined, primaries: undefined, transfer: undefined },
      'in_color_matrix=smpte170m:out_color_matrix=smpte170m',
      'smpte170m',
    ],
    [
      'converts SDR in BT.2020',
      { matrix: 'bt2020nc', primaries: 'bt2020', transfer: 'bt709' },
      'in_color_matrix=auto:out_color_matrix=bt709',
      'bt709',
    ],
  ])('%s', (_title, ...[video, scaling, matrix]) => {
    const result = plan([FULL], source(video));
    expect(result.filterGraph[0]).toContain(`${scaling}:out_range=tv`);
    expect(option(result, '-colorspace')).toBe(matrix);
  });

  it.each(['smpte2084', 'arib-std-b67'])('maps %s to SDR at the size of the largest output', transfer => {
    const { filterGraph } = plan([SMALL], source({ transfer, matrix: 'bt2020nc', primaries: 'bt2020' }));
    expect(filterGraph[0]).toMatch(/^\[0:0\]zscale=w=640:h=360:.*tonemap=/);
  });

  it('seeks only as far as all outputs begin, and never in a transport stream', () => {
    const part = { ...FULL, trim: { startSeconds: 5, endSeconds: 7 } };
    const later = { ...SMALL, trim: { startSeconds: 6 } };
    expect(plan([part, later]).inputOptions).toEqual(['-ss', '5.000000']);
    expect(plan([part, later]).filterGraph[1]).toContain('[s0]trim=start=0.000000:end=2.000000,setpts=');
    expect(plan([part, SMALL]).inputOptions).toEqual([]);
    expect(plan([part], { ...source(), format: 'mpegts' }).inputOptions).toEqual([]);
  });

  it('gives the frames of an excerpt the length that a change of their times may have cost them', () => {
    const part = { ...FULL, trim: { startSeconds: 5, endSeconds: 7 } };
    const ntsc = { frameRate: 30_000 / 1001, declaredFrameRate: 30_000 / 1001 };
    expect(option(plan([part], source(ntsc)), '-bsf:v')).toBe(
      'setts=pts=PTS:dts=DTS:duration=if(gt(DURATION\\,0)\\,DURATION\\,round(1001/30000/TB))',
    );
    expect(option(plan([FULL]), '-bsf:v')).toBeUndefined();
  });

  it('gives an excerpt of a variable rate a steady one, before it is cut', () => {
    const part = { ...FULL, trim: { startSeconds: 5, endSeconds: 7 } };
    const variable = source({ frameRate: 7.2, declaredFrameRate: 57_600 });
    expect(plan([part], variable).filterGraph[0]).toMatch(/^\[0:0\]fps=fps=30,trim=/);
  });

  it('keeps HDR for one output and maps it for another', () => {
    const kept = { ...FULL, name: 'hdr', video: { codec: 'hevc', bitDepth: 10, hdr: 'keep' } };
    const { filterGraph } = plan([kept, SMALL], source({ transfer: 'arib-std-b67', matrix: 'bt2020nc' }));
    expect(filterGraph[0]).toBe('[0:0]split=2[s0][s1]');
    expect(filterGraph[1]).not.toContain('tonemap');
    expect(filterGraph[2]).toContain('tonemap');
  });

  it('deinterlaces only what is interlaced', () => {
    expect(plan([FULL], source({ interlaced: true })).filterGraph[0]).toContain('bwdif');
    expect(plan([FULL]).filterGraph[0]).not.toContain('bwdif');
  });

  it.each([
    [6, 2, '2'],
    [6, 1, '1'],
    [1, 2, '1'],
  ])('mixes %p channels for %p wanted to %s', (channels, wanted, expected) => {
    const sound = { kind: 'audio', name: 'sound', audio: { channels: wanted } };
    expect(option(plan([sound], source({}, { channels })), '-ac')).toBe(expected);
  });

  it.each([
    [44_100, '44100'],
    [96_000, '48000'],
    [7350, '8000'],
    [0, '8000'],
  ])('samples sound of %p Hz at %s', (sampleRateHz, expected) => {
    expect(option(plan([{ kind: 'audio', name: 'a' }], source({}, { sampleRateHz })), '-ar')).toBe(expected);
  });

  it('leaves metadata and chapters behind but the language', () => {
    const sound = plan([{ kind: 'audio', name: 'a' }]);
    expect(sound.files[0]?.fileName).toBe('a.m4a');
    expect([option(sound, '-map_metadata'), option(sound, '-map_chapters')]).toEqual(['-1', '-1']);
    expect(option(sound, '-metadata:s:a:0')).toBe('language=deu');
  });

  it('gives a video no sound when the source or the preset has none', () => {
    const silent = { ...source(), audio: undefined };
    expect(option(plan([SMALL], silent), '-c:a')).toBeUndefined();
    expect(option(plan([FULL]), '-c:a')).toBeUndefined();
  });

  it.each([
    [10, ['-ss', '6.000']],
    [0, []],
    [100, ['-ss', '59.800']],
  ])('seeks to %p percent for a still, and to nothing as a fallback', (atPercent, inputOptions) => {
    const { outputs } = presetSchema.parse({ outputs: [{ kind: 'still', name: 's', atPercent }] });
    const [still] = planEncode(outputs, source()).stills;
    expect(still?.wanted.inputOptions).toEqual(inputOptions);
    expect(still?.fallback.inputOptions).toEqual([]);
  });

  it.each([
    [100, '1.0'],
    [85, '2.4'],
    [50, '8.0'],
    [1, '31.0'],
  ])('writes JPEG quality %p as quantizer %s', (jpegQuality, quantizer) => {
    const { outputs } = presetSchema.parse({ outputs: [{ kind: 'still', name: 's', jpegQuality }] });
    const options = planEncode(outputs, source()).stills[0]?.wanted.files[0]?.options ?? [];
    expect(options[options.indexOf('-q:v') + 1]).toBe(quantizer);
  });
});
