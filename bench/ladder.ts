import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chooseRungs } from '../core/adaptive/rungs';
import { segmentFiles } from '../core/adaptive/packaging';
import { planEncode } from '../core/encode-plan';
import type { AdaptiveOutput } from '../core/preset';
import type { Probe } from '../core/probe';
import { videoRenditions } from '../core/video-rendition';
import { probeClip, shippedPreset } from './clips';
import type { Spent } from './measure';
import { measure, median, round } from './measure';

const PRESET = 'web-ladder';
const SECONDS = 60;
const RUNS = 3;

interface Made {
  readonly bytes: number;
  /** Against the source, both at its size: as a viewer sees it who fills the screen. */
  readonly ssim: number;
  readonly psnr: number;
}

export interface Ladder {
  /** CPU time of all sizes from one decode, over that of a run of its own for each. */
  readonly cpuRatio: number;
  readonly wallRatio: number;
  readonly rungs: readonly (Made & { readonly name: string; readonly separate: Made })[];
  readonly runs: readonly { readonly together: Spent; readonly separate: Spent }[];
}

/**
 * The shipped ladder of H.264 in four sizes, with its sound: by one ffmpeg as the worker runs it, against one ffmpeg for
 * each size with its sound, the picture scaled from the source. Alternating.
 */
export async function measureLadder(say: (line: string) => void, input?: string): Promise<Ladder> {
  const folder = await mkdtemp(join(tmpdir(), 'spotreel-bench-'));
  try {
    const source = input ?? (await makeSource(folder, say));
    const probe = await probeClip(source);
    const whole = readLadder();
    const single = eachRung(whole, probe);
    const runs: Ladder['runs'][number][] = [];
    for (let run = 1; run <= RUNS; run += 1) {
      const together = await encode([whole], { probe, source, folder: join(folder, 'together') });
      const separate = await encode(single, { probe, source, folder: join(folder, 'separate') });
      runs.push({ together, separate });
      say(`Run ${run} of ${RUNS}: ${JSON.stringify({ together, separate })}`);
    }
    const rungs: Ladder['rungs'][number][] = [];
    for (const { id } of videoRenditions([whole], probe)) {
      const together = await compare(join(folder, 'together'), id, source);
      const separate = await compare(join(folder, 'separate'), id, source);
      rungs.push({ name: id.split('@')[1] ?? id, ...together, separate });
      say(`Compared ${id}: ${JSON.stringify({ together, separate })}`);
    }
    const ratio = (of: keyof Spent): number =>
      round(median(runs.map(({ together, separate }) => together[of] / separate[of])));
    return { cpuRatio: ratio('cpuSeconds'), wallRatio: ratio('wallSeconds'), rungs, runs };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A picture in which much moves, with some grain, as cameras make it. */
async function makeSource(folder: string, say: (line: string) => void): Promise<string> {
  const path = join(folder, 'source.mp4');
  say(`Making a 1080p clip of ${SECONDS} s …`);
  await promisify(execFile)('ffmpeg', [
    ...['-nostdin', '-v', 'error', '-f', 'lavfi'],
    ...['-i', `testsrc2=size=1920x1080:rate=25:duration=${SECONDS},noise=alls=4:allf=t`],
    ...['-f', 'lavfi', '-i', `anoisesrc=color=pink:amplitude=0.2:duration=${SECONDS}`],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-pix_fmt', 'yuv420p'],
    ...['-c:a', 'aac', '-ac', '2', '-b:a', '192k', path],
  ]);
  return path;
}

function readLadder(): AdaptiveOutput {
  const output = shippedPreset(PRESET).outputs.find(({ kind }) => kind === 'adaptive');
  if (output?.kind !== 'adaptive') throw new Error(`${PRESET} has no adaptive output`);
  return output;
}

/** The same sizes with the same settings, each as an output of its own. */
function eachRung(whole: AdaptiveOutput, { video }: Probe): AdaptiveOutput[] {
  if (video === undefined) throw new Error('The source has no picture');
  return chooseRungs(whole, video).map(({ size, quality }) => {
    if (size === undefined || !('shortSide' in size)) throw new Error('A rung has a short side');
    return { ...whole, rungs: [{ shortSide: size.shortSide, quality }] };
  });
}

/** One ffmpeg for each of the outputs, one after another. */
async function encode(
  outputs: readonly AdaptiveOutput[],
  { probe, source, folder }: { probe: Probe; source: string; folder: string },
): Promise<Spent> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  let spent: Spent = { cpuSeconds: 0, wallSeconds: 0 };
  for (const output of outputs) {
    const plan = planEncode([output], probe).encode;
    if (plan === undefined) throw new Error('There is nothing to encode');
    const one = await measure(
      'ffmpeg',
      [
        ...['-nostdin', '-loglevel', 'error', '-y', ...plan.inputOptions, '-i', source],
        ...['-filter_complex', plan.filterGraph.join(';')],
        ...plan.files.flatMap(({ fileName, options }) => [...options, fileName]),
      ],
      { cwd: folder },
    );
    spent = {
      cpuSeconds: round(spent.cpuSeconds + one.cpuSeconds),
      wallSeconds: round(spent.wallSeconds + one.wallSeconds),
    };
  }
  return spent;
}

async function compare(folder: string, id: string, source: string): Promise<Made> {
  const { init, segment } = segmentFiles(id);
  const made = readdirSync(folder).filter(name => name === init || name.startsWith(`${id}-0`));
  const segments = made.slice(0, -1).map((_, index) => readFileSync(join(folder, segment(index + 1))));
  const joined = Buffer.concat([readFileSync(join(folder, init)), ...segments]);
  const path = join(folder, 'joined.mp4');
  await writeFile(path, joined);
  const graph = [
    '[1:v]format=yuv420p,split=2[s1][s2]',
    '[0:v][s1]scale2ref=flags=bicubic[m][r]',
    '[m]format=yuv420p,split=2[m1][m2]',
    '[m1][r]psnr',
    '[m2][s2]ssim',
  ].join(';');
  const { stderr } = await promisify(execFile)(
    'ffmpeg',
    ['-nostdin', '-hide_banner', '-i', path, '-i', source, '-filter_complex', graph, '-f', 'null', '-'],
    { maxBuffer: 1024 ** 3 },
  );
  const [, psnr] = /PSNR .*average:([\d.]+)/.exec(stderr) ?? [];
  const [, ssim] = /SSIM .*All:([\d.]+)/.exec(stderr) ?? [];
  return { bytes: joined.length, ssim: round(Number(ssim)), psnr: round(Number(psnr)) };
}
