import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { makeClip } from '../container/media/made-clip';
import { planArguments } from '../container/media/run-ffmpeg';
import type { FfmpegPlan } from '../core/encode-plan';
import { presetSchema } from '../core/preset';
import { parseComparison } from '../core/quality/comparison-plan';
import { toLinear } from '../core/quality/metric';
import type { Candidate } from '../core/quality/sample-plan';
import { planSample, planSampleComparison, sampleFileName } from '../core/quality/sample-plan';
import { CRF_SHIFTS } from '../core/video-encoders';
import { videoRenditions } from '../core/video-rendition';
import { probeClip, TOOLS } from './clips';
import { median } from './measure';

/** Short side to which clips are scaled, and seconds of each: enough to tell, and quick. */
const SHORT_SIDE = 480;
const PLACE = { fromSeconds: 1, seconds: 4 };
const H264_CRFS = [20, 25, 30];
/** Near to what presets use; the shift grows with the factor. */
const USUAL_CRF = 25;
const CRFS = [10, 15, 20, 25, 30, 35, 40];

type Codec = keyof typeof CRF_SHIFTS;
const CODECS: readonly Codec[] = ['hevc', 'av1', 'vp9'];

interface Point {
  readonly crf: number;
  readonly ssim: number;
  readonly bytes: number;
}

export interface CrfShift {
  readonly codec: Codec;
  /** Steps that the encoder is shifted by now, and those at which it has the SSIM of x264: at crf 25, and the range. */
  readonly now: number;
  readonly measured: number;
  readonly range: readonly [least: number, most: number];
  /** Bytes at the same SSIM over those of x264, median. */
  readonly bytesRatio: number;
}

/**
 * By how much the factors of other encoders have to be shifted for the SSIM of x264, at the speed that is the default.
 * @param input path of a video; without it one is made, which tells less than what a camera sees
 */
export async function measureCrf(
  say: (line: string) => void,
  input?: string,
): Promise<{ readonly shifts: readonly CrfShift[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'spotreel-bench-'));
  try {
    const clip = input ?? (await madeClip(folder));
    const h264 = await curve('h264', { clip, folder, crfs: H264_CRFS });
    const shifts: CrfShift[] = [];
    for (const codec of CODECS) {
      const found = match(h264, await curve(codec, { clip, folder, crfs: CRFS }));
      const steps = found.map(({ crf, offset }) => `${(CRF_SHIFTS[codec] + offset).toFixed(1)} at ${crf}`);
      say(`${basename(clip)}, ${codec}: shifts of ${steps.join(', ')}`);
      shifts.push(summary(codec, found));
    }
    return { shifts };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function madeClip(folder: string): Promise<string> {
  const path = join(folder, 'made.mp4');
  await makeClip(TOOLS, { path, durationSeconds: 6, width: 1280, height: 720 });
  return path;
}

/** What an encoder makes of a clip at several factors, compared with the source by one filter for all encoders. */
async function curve(
  codec: Codec | 'h264',
  { clip, folder, crfs }: { clip: string; folder: string; crfs: readonly number[] },
): Promise<Point[]> {
  const container = codec === 'vp9' ? 'webm' : 'mp4';
  const video = { codec, size: { shortSide: SHORT_SIDE } };
  const { outputs } = presetSchema.parse({ outputs: [{ kind: 'video', name: codec, container, video }] });
  const probe = await probeClip(resolve(clip));
  const [rendition] = videoRenditions(outputs, probe);
  if (rendition === undefined) throw new Error('A video output has a rendition');
  const candidates = crfs.map((crf): Candidate => ({ rendition, crf }));
  const files = candidates.map((candidate, index) => ({ candidate, fileName: sampleFileName(index) }));
  const run = (plan: FfmpegPlan): Promise<string[]> => ffmpeg(planArguments(plan, resolve(clip), folder));
  await run(planSample(candidates, PLACE, probe));
  const scores = parseComparison(await run(planSampleComparison(files, PLACE, probe)));
  return crfs.map((crf, index) => ({
    crf,
    ssim: scores.get(index) ?? Number.NaN,
    bytes: statSync(join(folder, sampleFileName(index))).size,
  }));
}

interface Match {
  /** Factor of x264. */
  readonly crf: number;
  /** Steps by which the other's may be higher for the same SSIM. */
  readonly offset: number;
  readonly bytesRatio: number;
}

/** Where another encoder has the SSIM of x264, for each point of it that lies on the other's curve. */
function match(h264: readonly Point[], other: readonly Point[]): Match[] {
  return h264.flatMap(point => {
    const at = other.findIndex(({ ssim }) => ssim < point.ssim);
    const [better, worse] = [other[at - 1], other[at]];
    if (better === undefined || worse === undefined) return [];
    const linear = ({ ssim }: Point): number => toLinear('ssim', ssim);
    const share = (linear(better) - linear(point)) / (linear(better) - linear(worse));
    const bytes = better.bytes * (worse.bytes / better.bytes) ** share;
    const offset = better.crf + share * (worse.crf - better.crf) - point.crf;
    return [{ crf: point.crf, offset, bytesRatio: bytes / point.bytes }];
  });
}

function summary(codec: Codec, found: readonly Match[]): CrfShift {
  const shifts = found.map(({ offset }) => CRF_SHIFTS[codec] + offset);
  const usual = shifts.filter((_, index) => found[index]?.crf === USUAL_CRF);
  return {
    codec,
    now: CRF_SHIFTS[codec],
    measured: Number(median(usual).toFixed(1)),
    range: [Number(Math.min(...shifts).toFixed(1)), Number(Math.max(...shifts).toFixed(1))],
    bytesRatio: Number(median(found.map(({ bytesRatio }) => bytesRatio)).toFixed(2)),
  };
}

/** Runs ffmpeg over a file that is trusted. @returns what it says */
async function ffmpeg(args: readonly string[]): Promise<string[]> {
  const child = spawn('ffmpeg', ['-nostdin', '-hide_banner', '-nostats', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on('line', line => lines.push(line));
  const code = await new Promise<number | null>((done, reject) =>
    child.once('close', done).once('error', reject),
  );
  if (code !== 0) throw new Error(`ffmpeg ended with exit code ${code ?? 'none'}: ${lines.at(-1) ?? ''}`);
  return lines;
}
