import { codedPicture } from './support/coded-clip';
import { makeClip } from './support/clips';
import { ChunkStudio } from './support/chunk-studio';
import { Studio } from './support/studio';
import { presetOf } from './support/workshop';

const FAST = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '8', '-pix_fmt', 'yuv420p'];
const SIZE = 'size=160x90:rate=10';

/** A moving picture with grain, everywhere or when an expression in t says so. */
function grainyClip(seconds: number, when = '1'): Buffer {
  return makeClip('grainy.mp4', [
    ...['-f', 'lavfi', '-i', `testsrc2=${SIZE}:duration=${seconds}`],
    ...['-vf', `noise=alls=40:allf=t:enable='${when}'`, ...FAST],
  ]);
}

function smoothClip(seconds: number): Buffer {
  return makeClip('smooth.mp4', [
    ...['-f', 'lavfi', '-i', `gradients=${SIZE}:duration=${seconds}:speed=0.02:seed=1`, ...FAST],
  ]);
}

const video = (name: string, quality: object, rest: object = {}): object => ({
  ...{ kind: 'video', name },
  video: { speed: 'ultrafast', quality, ...rest },
});

describe('a preset that asks for a quality', () => {
  it('gives each source the crf that it needs', async () => {
    const preset = presetOf([
      video('ssim', { target: { score: 0.95 } }),
      video('psnr', { target: { metric: 'psnr', score: 38 } }, { size: { shortSide: 48 } }),
    ]);
    const scores = [];
    for (const clip of [grainyClip(3), smoothClip(3)]) {
      const made = await Studio.make(clip, preset);
      scores.push(made.report.outputs.map(({ score }) => score));
      await made.close();
    }
    for (const [ssim, psnr] of scores) {
      expect(ssim?.value).toBeGreaterThanOrEqual(0.94);
      expect(psnr?.value).toBeGreaterThanOrEqual(37.5);
      expect(ssim).toMatchObject({ metric: 'ssim', target: 0.95, floor: 0.94, rounds: 1 });
    }
    const [grainy, smooth] = scores.map(([ssim]) => ssim?.crf ?? 0);
    expect(smooth).toBeGreaterThan((grainy ?? 0) + 8);
  });

  it('encodes again with a lower crf what misses its floor', async () => {
    // Grain at both ends only, where nothing is tried.
    const clip = grainyClip(8, 'lt(t,1.2)+gt(t,6.8)');
    const made = await Studio.make(clip, presetOf([video('v', { target: { score: 0.96 } })]));
    const score = made.report.outputs[0]?.score;
    await made.close();
    expect(score?.rounds).toBeGreaterThan(1);
    expect(score?.value).toBeGreaterThanOrEqual(score?.floor ?? 1);
    expect(score?.missedBecause).toBeUndefined();
  });

  it('says so when the cap on the bit rate does not allow it', async () => {
    const preset = presetOf([video('v', { maxBitrateKbps: 50, target: { score: 0.95 } })]);
    const made = await Studio.make(grainyClip(2), preset);
    expect(made.report.outputs[0]?.score).toMatchObject({ missedBecause: 'maxBitrateKbps' });
    expect(made.report.outputs[0]?.sizeBytes).toBeLessThan(40_000);
    await made.close();
  });

  it('compares with the source what an encoder does not measure itself', async () => {
    const preset = presetOf([
      video('v', { target: { score: 0.95 } }, { codec: 'hevc', size: { shortSide: 72 }, maxFrameRate: 5 }),
    ]);
    const made = await Studio.make(smoothClip(2), preset);
    const score = made.report.outputs[0]?.score;
    expect(await made.shop.leftovers()).toEqual([]);
    await made.close();
    expect(score?.value).toBeGreaterThanOrEqual(0.94);
  });

  it('fails for a reason when vmaf is asked for and missing', async () => {
    const preset = presetOf([video('v', { target: { metric: 'vmaf', score: 90 } })]);
    const made = await Studio.try(smoothClip(1), preset);
    const { report, failed } = made;
    await made.close();
    if (report === undefined)
      expect(failed?.failure).toMatchObject({
        code: 'VMAF_NOT_AVAILABLE',
        retryable: false,
        blame: 'preset',
      });
    else expect(report.outputs[0]?.score?.value).toBeGreaterThan(88);
  });

  it('tells every chunk the same crf, and measures each', async () => {
    const clip = makeClip('coded.mp4', [...codedPicture({ rate: '25', seconds: 2.4 }), ...FAST, '-g', '20']);
    const studio = await ChunkStudio.open(clip, presetOf([video('v', { target: { score: 0.9 } })]));
    const { planned } = await studio.run();
    const parts = studio.parts.filter(({ score }) => score !== undefined);
    await studio.close();
    const crfs = planned.chunks.map(chunk => chunk.crfs?.['v']);
    expect(new Set(crfs).size).toBe(1);
    expect(parts.map(({ score }) => score?.crf)).toEqual(crfs);
    expect(Math.min(...parts.map(({ score }) => score?.value ?? 0))).toBeGreaterThan(0.85);
  });
});
