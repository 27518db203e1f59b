import { execFileSync } from 'node:child_process';
import { hdrClip, makeClip, taggedHdr } from './support/clips';
import { colorClip, partOf, toneClip } from './support/joined-clips';
import { Studio } from './support/studio';
import { presetOf } from './support/workshop';

const VIDEO = presetOf([{ kind: 'video', name: 'v', audio: {} }]);
const main = (): Buffer => colorClip({ color: 'red', size: '64x36', rate: '10', seconds: 1, tone: 1 });

/** One second of white without HDR. */
function whiteClip(): Buffer {
  return colorClip({ color: 'white', size: '64x36', rate: '10', seconds: 1 });
}

describe('sound alone', () => {
  it('is joined with sound, and with the sound of videos, to the sample', async () => {
    const preset = presetOf([
      { kind: 'audio', name: 'a', container: 'wav', audio: { codec: 'pcm', channels: 2, bitDepth: 16 } },
    ]);
    const made = await Studio.make(toneClip('wav', 1, 48_000), preset, [
      partOf('intro', 'jingle.flac', toneClip('flac', 0.5)),
      partOf(
        'outro',
        'end.mp4',
        colorClip({ color: 'red', size: '64x36', rate: '10', seconds: 1, tone: 0.75 }),
      ),
    ]);
    expect(made.report.outputs[0]).toMatchObject({ audio: { channels: 1, sampleRateHz: 48_000 } });
    expect(made.report.outputs[0]?.durationSeconds).toBeCloseTo(2.25, 1);
    expect(made.report.source.parts?.[0]).toMatchObject({ durationSeconds: 0.5 });
    await made.close();
  });
});

describe('a main source without sound', () => {
  it('is silent between those that have some', async () => {
    const made = await Studio.make(
      colorClip({ color: 'red', size: '64x36', rate: '10', seconds: 1 }),
      VIDEO,
      [partOf('intro', 'intro.mp4', main())],
    );
    expect(made.report.outputs[0]).toMatchObject({ audio: { channels: 1 }, durationSeconds: 2 });
    await made.close();
  });
});

/** MaxCLL and MaxFALL as the first frame of a file has them. */
function lightOf(path: string): string[] {
  const first = ['-v', 'error', '-read_intervals', '%+#1', '-select_streams', 'v'];
  const asked = ['-show_entries', 'frame_side_data=max_content,max_average', '-of', 'default=nw=1:nk=1'];
  return execFileSync('ffprobe', [...first, ...asked, path], { encoding: 'utf8' })
    .split('\n')
    .filter(line => /^\d+$/.test(line));
}

describe('HDR and other pictures', () => {
  it('come out as the main source: an HDR intro is mapped to SDR', async () => {
    const made = await Studio.make(whiteClip(), VIDEO, [partOf('intro', 'hdr.mkv', hdrClip())]);
    const [picture] = made.probe('v.mp4').streams;
    expect(picture).toMatchObject({ color_space: 'smpte170m', nb_frames: '20' });
    expect(Math.min(...made.pixel('v.mp4', { seconds: 1.5, x: 30, y: 18 }))).toBeGreaterThan(245);
    await made.close();
  });

  it('tell the brightness of the main source, not that of an intro', async () => {
    const lit = (light: string): Buffer =>
      makeClip('lit.mp4', [
        ...['-f', 'lavfi', '-i', 'color=black:size=64x36:rate=10:duration=1', '-pix_fmt', 'yuv420p10le'],
        ...['-vf', taggedHdr('smpte2084'), '-c:v', 'libx265', '-preset', 'ultrafast'],
        ...['-x265-params', `log-level=error:max-cll=${light}`],
      ]);
    const video = { codec: 'hevc', bitDepth: 10, hdr: 'keep', speed: 'ultrafast' };
    const preset = presetOf([{ kind: 'video', name: 'v', video }]);
    const made = await Studio.make(lit('900,300'), preset, [partOf('intro', 'lit.mp4', lit('70,60'))]);
    expect(lightOf(made.path('v.mp4'))).toEqual(['900', '300']);
    await made.close();
  });

  it.each([
    ['smpte2084', 0.58],
    ['arib-std-b67', 0.75],
  ])('of an intro without HDR white is as bright as that of subtitles in %s', async (transfer, light) => {
    const hdr = makeClip('hdr.mkv', [
      ...['-f', 'lavfi', '-i', 'color=black:size=64x36:rate=10:duration=1', '-pix_fmt', 'yuv420p10le'],
      ...['-vf', taggedHdr(transfer), '-c:v', 'ffv1'],
    ]);
    const video = { codec: 'hevc', bitDepth: 10, hdr: 'keep', speed: 'ultrafast' };
    const preset = presetOf([{ kind: 'video', name: 'v', video }]);
    const made = await Studio.make(hdr, preset, [partOf('intro', 'white.mp4', whiteClip())]);
    expect(made.probe('v.mp4').streams[0]).toMatchObject({ color_transfer: transfer });
    const [red] = made.pixel('v.mp4', { seconds: 0.5, x: 30, y: 18 });
    expect(red / 255).toBeGreaterThan(light - 0.03);
    expect(red / 255).toBeLessThan(light + 0.03);
    await made.close();
  });
});

describe('a part that is no good', () => {
  const intro = makeClip('intro.mp4', [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=64x36:rate=10:duration=20'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '10', '-movflags', '+faststart'],
  ]);
  const media = intro.indexOf('mdat') + 4;
  const half = Math.floor((intro.length - media) / 2);
  const holes = Buffer.from(intro).fill(0x55, media + Math.floor(half / 5), media + half);

  it.each([
    ['without a picture', 'jingle.mp3', toneClip('mp3', 0.5), 'PART_HAS_NO_VIDEO'],
    ['cut off halfway', 'half.mp4', intro.subarray(0, media + half), 'SOURCE_TRUNCATED'],
    ['damaged inside', 'holes.mp4', holes, 'SOURCE_DAMAGED'],
    [
      'that is a playlist',
      'list.mp4',
      Buffer.from('#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/x.ts\n'),
      'SOURCE_UNREADABLE',
    ],
  ])('%s ends the job with its name', async (...[, fileName, body, code]) => {
    const made = await Studio.try(main(), VIDEO, [partOf('intro', fileName, body)]);
    expect(made.failed?.failure).toMatchObject({
      code,
      blame: 'source',
      retryable: false,
      message: expect.stringContaining(fileName) as string,
    });
    expect(made.report).toBeUndefined();
    await made.close();
  });

  it('because it is another one now ends it too', async () => {
    const made = await Studio.try(main(), VIDEO, [
      { ...partOf('outro', 'outro.mp4', main()), etag: '"older"' },
    ]);
    expect(made.failed?.failure).toMatchObject({
      code: 'SOURCE_CHANGED',
      message: expect.stringContaining('outro.mp4') as string,
    });
    await made.close();
  });
});
