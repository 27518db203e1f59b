import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { ChunkStudio, framePsnr, timesOf } from './support/chunk-studio';
import { makeClip, taggedHdr } from './support/clips';
import { Studio } from './support/studio';
import { presetOf } from './support/workshop';

const MASTERED = 'master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)';
const KEPT = { bitDepth: 10, hdr: 'keep', speed: 'ultrafast' };
const SPLIT = { aboveSeconds: 1, chunkSeconds: 1 };

/** Two seconds of HDR, with what is known of its mastering display. */
function clip(transfer: string): Buffer {
  return makeClip('hdr.mp4', [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=128x72:rate=25:duration=2', '-pix_fmt', 'yuv420p10le'],
    ...['-c:v', 'libx265', '-preset', 'ultrafast', '-tag:v', 'hvc1'],
    ...['-vf', taggedHdr(transfer)],
    ...['-x265-params', `log-level=error:keyint=25:hdr10=1:${MASTERED}:max-cll=1000,400`],
  ]);
}

/** What players learn of the colors of a picture, from the file and from its first frame. */
function colorsOf(path: string): string {
  const colors = 'color_range,color_space,color_transfer,color_primaries,pix_fmt';
  const frame = `frame=${colors}:frame_side_data=side_data_type,max_luminance,min_luminance,max_content,max_average`;
  const entries = `stream=profile,${colors}:stream_side_data:${frame}`;
  const reading = ['-v', 'error', '-read_intervals', '%+#1', '-show_entries', entries, '-of', 'json'];
  return execFileSync('ffprobe', [...reading, path], { encoding: 'utf8' });
}

describe('an HDR source that is cut', () => {
  it.each([
    ['PQ as in a whole encode, in H.265 and AV1, and becomes SDR without a seam', 'smpte2084'],
    ['HLG as in a whole encode', 'arib-std-b67'],
  ])('stays %s', async (_title, transfer) => {
    const source = clip(transfer);
    const isPq = transfer === 'smpte2084';
    const codecs = isPq ? ['hevc', 'av1'] : ['hevc'];
    const preset = presetOf([
      ...codecs.map(codec => ({ kind: 'video', name: codec, video: { ...KEPT, codec } })),
      ...(isPq ? [{ kind: 'video', name: 'sdr', video: { speed: 'ultrafast' } }] : []),
    ]);
    const studio = await ChunkStudio.open(source, preset);
    const whole = await Studio.make(source, preset);
    try {
      const { planned } = await studio.run(SPLIT);
      expect(planned.chunks).toHaveLength(2);
      for (const name of codecs) {
        const [cut, oneGo] = [studio.path(`${name}.mp4`), whole.path(`${name}.mp4`)];
        expect(colorsOf(cut)).toContain(transfer);
        expect(JSON.parse(colorsOf(cut))).toEqual(JSON.parse(colorsOf(oneGo)));
        expect(timesOf(cut)).toEqual(timesOf(oneGo));
      }
      if (!isPq) return;
      const sdr = studio.path('sdr.mp4');
      expect(JSON.parse(colorsOf(sdr))).toEqual(JSON.parse(colorsOf(whole.path('sdr.mp4'))));
      const alike = framePsnr(sdr, readFileSync(whole.path('sdr.mp4')));
      const seams = planned.chunks.slice(1).flatMap(({ firstFrame }) => [firstFrame - 1, firstFrame]);
      expect(alike).toHaveLength(50);
      expect(Math.min(...seams.map(frame => alike[frame] ?? 0))).toBeGreaterThan(35);
    } finally {
      await whole.close();
      await studio.close();
    }
  });
});
