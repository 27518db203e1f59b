import { makeClip } from './support/clips';
import { ChunkStudio } from './support/chunk-studio';
import { Studio } from './support/studio';
import { presetOf } from './support/workshop';

const SECONDS = 13;

function segmentSeconds(playlist: string): number[] {
  return [...playlist.matchAll(/#EXTINF:([\d.]+)/g)].map(([, seconds]) => Number(seconds));
}

describe('an adaptive output of a source that is cut', () => {
  it('has the segments that a whole encode gives it', async () => {
    const clip = makeClip('coded.mp4', [
      ...['-f', 'lavfi', '-i', `testsrc2=size=256x144:rate=25:duration=${SECONDS}`],
      ...['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=44100:duration=${SECONDS}`],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50', '-c:a', 'aac'],
    ]);
    const preset = presetOf([
      {
        kind: 'adaptive',
        name: 'web',
        rungs: [{ shortSide: 144 }, { shortSide: 96 }],
        segmentSeconds: 4,
        audio: {},
      },
    ]);
    const studio = await ChunkStudio.open(clip, preset);
    const whole = await Studio.make(clip, preset);
    try {
      const { planned, assembled } = await studio.run({ aboveSeconds: 5, chunkSeconds: 6 });
      expect(planned.chunks).toHaveLength(2);
      for (const folder of ['144p', '96p', 'audio-1']) {
        const name = `web/${folder}/index.m3u8`;
        const own = segmentSeconds(studio.body(name).toString());
        expect(own).toHaveLength(4);
        // Sound that is stored in between loses some of the samples that only fill its last packet.
        const near = segmentSeconds(whole.body(name).toString()).map(
          seconds => expect.closeTo(seconds, 3) as number,
        );
        expect(own).toEqual(near);
      }
      expect(assembled.outputs).toMatchObject(
        whole.report.outputs.map(({ fileName, video, durationSeconds = 0 }) => ({
          ...{ fileName, video },
          durationSeconds: expect.closeTo(durationSeconds, 3) as number,
        })),
      );
    } finally {
      await whole.close();
      await studio.close();
    }
  });
});
