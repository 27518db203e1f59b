import { withHole } from '../support/hostile/hostile-source';
import { codedPicture, frameNumbers } from './support/coded-clip';
import { makeClip } from './support/clips';
import { ChunkStudio, framePsnr, SPLIT, timesOf } from './support/chunk-studio';
import { Studio } from './support/studio';
import { presetOf } from './support/workshop';

const SOUND = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100:duration=2.4'];
const FAST = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '10', '-pix_fmt', 'yuv420p'];
const QUICK = { speed: 'ultrafast' };

describe('a source that is cut into chunks', () => {
  const clip = makeClip('coded.mp4', [
    ...[...codedPicture({ rate: '25', seconds: 2.4 }), ...SOUND],
    ...[...FAST, '-bf', '2', '-g', '20', '-c:a', 'aac'],
  ]);
  const preset = presetOf([
    { kind: 'video', name: 'full', video: QUICK, audio: {} },
    { kind: 'video', name: 'small', video: { ...QUICK, size: { shortSide: 36 }, maxFrameRate: 12.5 } },
    { kind: 'still', name: 'poster' },
  ]);
  let studio: ChunkStudio;

  beforeEach(async () => (studio = await ChunkStudio.open(clip, preset)));
  afterEach(() => studio.close());

  it('comes out as if it had been encoded whole', async () => {
    const { planned, rest, assembled } = await studio.run();
    expect(planned.chunks).toHaveLength(3);
    // No more than its own bytes are read ahead for a chunk.
    const bytes = planned.chunks.map(({ bytes }) => bytes?.first ?? 0);
    expect(new Set(bytes).size).toBe(3);
    expect(planned.chunkFiles).toEqual(['_picture-full.mp4', '_picture-small.mp4']);
    expect(rest.outputs).toMatchObject([
      { name: 'full', fileName: '_sound-full.mp4', isPart: true },
      { name: 'poster', fileName: 'poster.jpg' },
    ]);
    const whole = await Studio.make(clip, preset);
    try {
      const [full, small] = whole.report.outputs;
      expect(assembled.outputs).toMatchObject([
        {
          fileName: 'full.mp4',
          durationSeconds: full?.durationSeconds,
          video: full?.video,
          audio: full?.audio,
        },
        { fileName: 'small.mp4', durationSeconds: small?.durationSeconds, video: small?.video },
      ]);
      for (const fileName of ['full.mp4', 'small.mp4']) {
        const [cut, oneGo] = [studio.path(fileName), whole.path(fileName)];
        expect(timesOf(cut)).toEqual(timesOf(oneGo));
        expect(frameNumbers(cut)).toEqual(frameNumbers(oneGo));
      }
      const path = studio.path('full.mp4');
      const sound = timesOf(path, 'a:0');
      expect(sound).toHaveLength(timesOf(whole.path('full.mp4'), 'a:0').length);
      expect(sound[0]).toBeCloseTo(-1024 / 44_100, 3);
      expect(Math.abs((sound.at(-1) ?? 0) - (timesOf(path).at(-1) ?? 0))).toBeLessThan(0.05);
      for (const stream of ['v:0', 'a:0']) {
        const decoded = timesOf(path, stream, 'dts_time');
        expect(decoded.every((time, index) => index === 0 || time > (decoded[index - 1] ?? time))).toBe(true);
      }
      // A seam is no worse than what is worst elsewhere, but for a little.
      const quality = framePsnr(path, studio.source);
      const seams = planned.chunks.slice(1).flatMap(({ firstFrame }) => [firstFrame - 1, firstFrame]);
      const elsewhere = quality.filter((_, frame) => !seams.includes(frame));
      expect(Math.min(...seams.map(frame => quality[frame] ?? 0))).toBeGreaterThan(
        Math.min(...elsewhere) - 1,
      );
    } finally {
      await whole.close();
    }
  });

  it('is not taken for cut when a chunk comes out with other frames than planned', async () => {
    const planned = await studio.plan();
    const last = planned.chunks.at(-1);
    if (last === undefined) throw new Error('There is no chunk');
    const chunk = { ...last, endFrame: last.endFrame + 1 };
    expect(await studio.carryOut('chunk-0002', { kind: 'encode-chunk', chunk })).toMatchObject({
      kind: 'failed',
      failure: {
        code: 'CHUNK_INEXACT',
        message: expect.stringMatching(/with 20 frames .* not 21/) as string,
      },
    });
  });

  it('is encoded whole in a format in which frames are not found again, and the report says so', async () => {
    const args = [...codedPicture({ rate: '25', seconds: 1.2 }), '-c:v', 'mpeg4', '-b:v', '1M'];
    const avi = await ChunkStudio.open(makeClip('a.avi', args), preset);
    try {
      expect(await avi.carryOut('encode', { kind: 'encode-whole', split: SPLIT })).toMatchObject({
        kind: 'finished',
        wholeBecause: 'Frames can be found again exactly in MP4, Matroska, MPEG-TS, not in avi.',
      });
    } finally {
      await avi.close();
    }
  });
});

describe('a source with a hole that is to be cut', () => {
  it.each(['holed.mkv', 'holed.ts'])('is refused before any chunk is encoded (%s)', async name => {
    const whole = makeClip(name, [
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=96x96:rate=10:duration=4',
      ...FAST,
      '-g',
      '10',
    ]);
    const preset = presetOf([{ kind: 'video', name: 'v', video: QUICK }]);
    const studio = await ChunkStudio.open(withHole(whole, 0.3, 0.7), preset);
    const report = await studio.carryOut('encode', { kind: 'encode-whole', split: SPLIT });
    await studio.close();
    expect(report).toMatchObject({ kind: 'failed', failure: { code: 'SOURCE_DAMAGED' } });
  });
});
