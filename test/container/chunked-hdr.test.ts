import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { ChunkStudio, framePsnr, timesOf } from './support/chunk-studio';
import { makeClip, taggedHdr } from './support/clips';
import { PublishedTree } from './support/published-tree';
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

/** What the clip says of its mastering display and its brightness, in numbers. */
const HDR10 = {
  ...{ red_x: 0.68, red_y: 0.32, green_x: 0.265, green_y: 0.69, blue_x: 0.15, blue_y: 0.06 },
  ...{ white_point_x: 0.3127, white_point_y: 0.329, min_luminance: 0.0001, max_luminance: 1000 },
  ...{ max_content: 1000, max_average: 400 },
};

/** The same of a file, from its first frame; AV1 writes it in units of its own. */
function hdr10Of(path: string): Readonly<Record<string, number>> {
  const entries = `frame_side_data=${Object.keys(HDR10).join(',')}`;
  const reading = ['-v', 'error', '-read_intervals', '%+#1', '-select_streams', 'v', '-of', 'default=nw=1'];
  const lines = execFileSync('ffprobe', [...reading, '-show_entries', entries, path], { encoding: 'utf8' });
  const found = [...lines.matchAll(/^(\w+)=(\d+)(?:\/(\d+))?$/gm)];
  return Object.fromEntries(
    found.map(([, name = '', number, parts = 1]) => [
      name,
      Number((Number(number) / Number(parts)).toFixed(4)),
    ]),
  );
}

describe('an HDR source that is cut', () => {
  it.each([
    ['PQ as in a whole encode, mastering display included, and becomes SDR without a seam', 'smpte2084'],
    ['HLG as in a whole encode', 'arib-std-b67'],
  ])('stays %s', async (_title, transfer) => {
    const source = clip(transfer);
    const isPq = transfer === 'smpte2084';
    const codecs = ['hevc', 'av1'];
    const preset = presetOf([
      ...codecs.map(codec => ({ kind: 'video', name: codec, video: { ...KEPT, codec } })),
      ...(isPq
        ? [
            { kind: 'video', name: 'sdr', video: { speed: 'ultrafast' } },
            { kind: 'adaptive', name: 'web', video: { ...KEPT, codec: 'av1' }, rungs: [{ shortSide: 96 }] },
          ]
        : []),
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
      for (const published of [studio, whole]) {
        expect(hdr10Of(published.path('hevc.mp4'))).toEqual(HDR10);
        expect(hdr10Of(published.path('av1.mp4'))).toEqual(HDR10);
        expect(hdr10Of(PublishedTree.of(published).joined('web/72p'))).toEqual(HDR10);
        expect(hdr10Of(published.path('sdr.mp4'))).toEqual({});
      }
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
