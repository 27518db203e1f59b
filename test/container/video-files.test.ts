import { hdrClip, makeClip, plainClip } from './support/clips';
import { Studio } from './support/studio';
import { presetOf, shippedPreset } from './support/workshop';

const SOUND = { pcm: { codec: 'pcm', bitDepth: 24 }, opus: { codec: 'opus' }, aac: {} };

describe('video files in every codec, from one decode', () => {
  let made: Awaited<ReturnType<typeof Studio.make>>;

  beforeAll(async () => {
    const shipped = await Promise.all(
      ['web-hevc', 'web-av1', 'web-webm', 'mezzanine-prores'].map(shippedPreset),
    );
    const outputs = [
      ...shipped.flatMap(preset => preset.outputs),
      { kind: 'video', name: 'dnxhr', container: 'mov', video: { codec: 'dnxhr' }, audio: SOUND.pcm },
      { kind: 'video', name: 'ten-bit', container: 'webm', video: { codec: 'vp9', bitDepth: 10 } },
      { kind: 'video', name: 'tiny', video: { codec: 'av1', size: { shortSide: 36 } } },
    ];
    made = await Studio.make(plainClip(), presetOf(outputs));
  });
  afterAll(() => made.close());

  it.each([
    [
      'web-hevc.mp4',
      { codec_name: 'hevc', codec_tag_string: 'hvc1', pix_fmt: 'yuv420p' },
      'aac',
      'video/mp4',
    ],
    ['web-av1.mp4', { codec_name: 'av1', codec_tag_string: 'av01', pix_fmt: 'yuv420p' }, 'opus', 'video/mp4'],
    ['web-webm.webm', { codec_name: 'vp9', pix_fmt: 'yuv420p' }, 'opus', 'video/webm'],
    [
      'mezzanine.mov',
      { codec_name: 'prores', profile: 'HQ', pix_fmt: 'yuv422p10le' },
      'pcm_s24le',
      'video/quicktime',
    ],
    [
      'dnxhr.mov',
      { codec_name: 'dnxhd', profile: 'DNXHR SQ', pix_fmt: 'yuv422p' },
      'pcm_s24le',
      'video/quicktime',
    ],
    ['ten-bit.webm', { codec_name: 'vp9', pix_fmt: 'yuv420p10le' }, undefined, 'video/webm'],
    ['tiny.mp4', { codec_name: 'av1', height: 36, pix_fmt: 'yuv420p' }, undefined, 'video/mp4'],
  ])(
    '%s has the codecs, the length and the type that were asked for',
    (...[fileName, picture, sound, type]) => {
      const { streams } = made.probe(fileName);
      expect(streams[0]).toMatchObject(picture);
      expect(streams[1]?.['codec_name']).toBe(sound);
      const facts = made.report.outputs.find(output => output.fileName === fileName);
      expect(facts).toMatchObject({ contentType: type, video: { codec: picture.codec_name, frameRate: 25 } });
      expect(facts?.durationSeconds).toBeCloseTo(2, 1);
    },
  );

  it('have their index in front', () => {
    const webm = made.body('web-webm.webm');
    const [cues, cluster] = ['1c53bb6b', '1f43b675'].map(id => webm.lastIndexOf(Buffer.from(id, 'hex')));
    expect(cues).toBeGreaterThan(0);
    expect(cues).toBeLessThan(cluster ?? 0);
    const mov = made.body('dnxhr.mov');
    expect(mov.indexOf('moov')).toBeLessThan(mov.indexOf('mdat'));
  });
});

describe('HDR', () => {
  it('stays HDR in ten bits where that is asked for, beside an output that is mapped to SDR', async () => {
    const { outputs } = await shippedPreset('hdr-hevc');
    const av1 = { kind: 'video', name: 'hdr-av1', video: { codec: 'av1', bitDepth: 10, hdr: 'keep' } };
    const made = await Studio.make(hdrClip(), presetOf([...outputs, av1, { kind: 'video', name: 'sdr' }]));
    const pq = { pix_fmt: 'yuv420p10le', color_transfer: 'smpte2084', color_primaries: 'bt2020' };
    expect(made.probe('hdr-hevc.mp4').streams[0]).toMatchObject({ ...pq, color_space: 'bt2020nc' });
    expect(made.probe('hdr-av1.mp4').streams[0]).toMatchObject({ ...pq, color_space: 'bt2020nc' });
    expect(made.probe('sdr.mp4').streams[0]).toMatchObject({ pix_fmt: 'yuv420p', color_transfer: 'bt709' });
    await made.close();
  });
});

describe('an interlaced source', () => {
  it('comes out in whole frames', async () => {
    const fields = makeClip('fields.mkv', [
      ...[
        '-f',
        'lavfi',
        '-i',
        'testsrc2=size=320x240:rate=50:duration=1',
        '-vf',
        'tinterlace=interleave_top',
      ],
      ...['-c:v', 'mpeg2video', '-flags', '+ilme+ildct', '-top', '1', '-q:v', '2'],
    ]);
    const made = await Studio.make(fields, presetOf([{ kind: 'video', name: 'whole' }]));
    expect(made.probe('whole.mp4').streams[0]).toMatchObject({
      field_order: 'progressive',
      r_frame_rate: '25/1',
    });
    await made.close();
  });
});
