import { codedPicture, frameNumbers } from './support/coded-clip';
import { makeClip } from './support/clips';
import { ChunkStudio, timesOf } from './support/chunk-studio';
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
      const sound = timesOf(studio.path('full.mp4'), 'a:0');
      expect(sound).toHaveLength(timesOf(whole.path('full.mp4'), 'a:0').length);
      expect(sound[0]).toBeCloseTo(-1024 / 44_100, 3);
    } finally {
      await whole.close();
    }
  });
});
