import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseComparison } from '../../core/quality/comparison-plan';
import { ChunkStudio } from './support/chunk-studio';
import { makeClip } from './support/clips';
import { PublishedTree } from './support/published-tree';
import { Studio } from './support/studio';
import { presetOf } from './support/workshop';

/** A calm picture of 170x96 with grain where an expression in t says so, and a tone. */
function clip(seconds: number, grain: string): Buffer {
  return makeClip('grainy.mp4', [
    ...['-f', 'lavfi', '-i', `gradients=size=170x96:rate=5:duration=${seconds}:speed=0.04:seed=1`],
    ...['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=16000:duration=${seconds}`],
    ...['-vf', `noise=alls=40:allf=t:enable='${grain}'`, '-c:v', 'libx264', '-preset', 'ultrafast'],
    ...['-crf', '8', '-pix_fmt', 'yuv420p', '-g', '20', '-c:a', 'aac', '-b:a', '32k'],
  ]);
}

const QUALITY = { target: { score: 0.96 } };
const adaptive = (name: string, video: object, quality: object = QUALITY): object => ({
  ...{ kind: 'adaptive', name, segmentSeconds: 2, audio: {} },
  video: { speed: 'ultrafast', ...video },
  rungs: [{ shortSide: 96, quality }],
});

/** SSIM of a joined stream against the source. */
function ssim(path: string, source: string): number {
  const number = 'settb=1/25,setpts=N';
  const graph = `[0:v]${number}[a];[1:v]${number}[b];[a][b]ssim@q0`;
  const args = ['-hide_banner', '-nostats', '-i', path, '-i', source, '-lavfi', graph, '-f', 'null', '-'];
  const printed = execFileSync('sh', ['-c', 'ffmpeg "$@" 2>&1', 'sh', ...args], { encoding: 'utf8' });
  return parseComparison(printed.split('\n')).get(0) ?? 0;
}

describe('an adaptive output that asks for a quality', () => {
  it('has every size measured, in any codec, and encoded again when it misses its floor', async () => {
    // Grain at both ends only, where nothing is tried.
    const source = clip(8.1, 'lt(t,1.2)+gt(t,6.9)');
    const preset = presetOf([
      adaptive('h264', {}),
      adaptive('hevc', { codec: 'hevc' }),
      adaptive('av1', { codec: 'av1' }),
      adaptive('plain', {}, { crf: 20 }),
    ]);
    const made = await Studio.make(source, preset);
    try {
      expect(await made.shop.leftovers()).toEqual([]);
      const path = join(made.shop.folder, 'source.mp4');
      execFileSync('sh', ['-c', 'cat > "$1"', 'sh', path], { input: source });
      const tree = PublishedTree.of(made);
      for (const name of ['h264', 'hevc', 'av1']) {
        const facts = made.report.outputs.find(output => output.fileName === `${name}/master.m3u8`);
        const score = facts?.tree?.rungs[0]?.score;
        expect(score).toMatchObject({ metric: 'ssim', target: 0.96, floor: 0.952 });
        expect(score?.rounds).toBeGreaterThan(1);
        expect(score?.value).toBeGreaterThanOrEqual(0.952);
        // What is told of it is true of what was published.
        const published = ssim(tree.joined(`${name}/96p`), path);
        expect(Math.abs(published - (score?.value ?? 0))).toBeLessThan(0.01);
        const [own, plain] = [`${name}/96p`, 'plain/96p'].map(folder => tree.packets(folder));
        const times = (packets = own): number[] =>
          (packets ?? []).map(({ pts }) => pts).sort((a, b) => a - b);
        expect(times(own)).toEqual(times(plain));
        expect(tree.segments(`${name}/96p`)).toEqual(tree.segments('plain/96p'));
      }
    } finally {
      await made.close();
    }
  });

  it('has only those chunks encoded again that miss the floor, and they still go together', async () => {
    // Grain at the end only, where nothing is tried.
    const source = clip(8, 'gt(t,6.8)');
    const preset = presetOf([
      adaptive('h264', {}),
      adaptive('hevc', { codec: 'hevc' }),
      adaptive('av1', { codec: 'av1' }),
    ]);
    const studio = await ChunkStudio.open(source, preset);
    try {
      const { planned, assembled } = await studio.run({ aboveSeconds: 4, chunkSeconds: 4 });
      expect(planned.chunks).toHaveLength(2);
      for (const name of ['h264', 'hevc', 'av1']) {
        const scores = studio.parts.filter(part => part.name === name).flatMap(({ score = [] }) => score);
        const [calm, grainy] = scores;
        expect(calm).toMatchObject({ rounds: 1 });
        expect(grainy?.rounds).toBeGreaterThan(1);
        expect(grainy?.crf).toBeLessThan(calm?.crf ?? 0);
        expect(Math.min(...scores.map(({ value }) => value))).toBeGreaterThanOrEqual(0.952);
      }
      expect(assembled.outputs.filter(({ tree }) => tree !== undefined)).toHaveLength(3);
    } finally {
      await studio.close();
    }
  });
});
