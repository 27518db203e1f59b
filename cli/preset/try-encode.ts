import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256OfFile } from '../../container/sha256';
import type { MadeFile } from '../../container/made-files';
import type { StoredFile } from '../../container/upload';
import { ENCODE_PERCENT } from '../../container/work/assignment';
import type { MakingBench } from '../../container/work/make-outputs';
import { makeOutputs } from '../../container/work/make-outputs';
import type { FfmpegPlan } from '../../core/encode-plan';
import { outputFileName } from '../../core/output-files';
import type { PresetOutput } from '../../core/preset';
import type { Probe } from '../../core/probe';
import { lastingSeconds } from '../../core/probe';
import type { Score } from '../../core/quality/score';
import type { TreeFacts } from '../../core/report';
import type { FurtherContent } from './further-inputs';
import { furtherBench } from './further-inputs';
import type { WithParts } from './local-parts';
import type { LocalSource } from './local-source';

/** One finished file; of an adaptive output the one with which players of HLS begin. */
export interface TriedOutput {
  readonly output: PresetOutput;
  readonly path: string;
  /** Absent for text. */
  readonly probe?: Probe | undefined;
  /** Present where the preset asks for a quality. */
  readonly score?: Score | undefined;
  /** What an adaptive output consists of. */
  readonly tree?: TreeFacts | undefined;
  /** Of all that belongs to it. */
  readonly sizeBytes: number;
}

export interface Trial {
  readonly outputs: readonly TriedOutput[];
  /** Seconds of the source that were encoded. */
  readonly mediaSeconds: number;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

export interface TrialOptions {
  readonly seconds: number;
  /** Where files are made: an empty folder, but for those of `further`. */
  readonly workFolder: string;
  /** Where finished files go. */
  readonly folder: string;
  /** What files beside the video hold. */
  readonly further: FurtherContent;
  /** @param share from 0 to 1 */
  readonly onProgress: (share: number, speed: number) => void;
}

/** Encodes the first seconds of a video with the plan and the code of the worker. */
export async function tryEncode(groups: WithParts['groups'], options: TrialOptions): Promise<Trial> {
  const { seconds, folder, workFolder } = options;
  const startedAtMs = performance.now();
  const made: MadeFile[] = [];
  let mediaSeconds = 0;
  let cpuSeconds = 0;
  for (const { outputs, source } of groups) {
    const beginning = firstSeconds(source.probe, seconds);
    mediaSeconds = Math.max(mediaSeconds, lastingSeconds(beginning) ?? seconds);
    made.push(...(await makeOutputs(trialBench(source, options), outputs, beginning)));
    // One meter counts for all.
    cpuSeconds = source.cpu.seconds();
  }
  const wallSeconds = (performance.now() - startedAtMs) / 1000;
  const tried: TriedOutput[] = [];
  for (const { output, fileName, probe, score, tree } of made) {
    const { key: path, sizeBytes } = await moveTo(folder, { path: join(workFolder, fileName), fileName });
    if (output.kind === 'adaptive' && fileName !== outputFileName(output)) continue;
    tried.push({ output, path, probe, score, tree, sizeBytes: tree?.sizeBytes ?? sizeBytes });
  }
  return { outputs: tried, mediaSeconds, wallSeconds, cpuSeconds };
}

function trialBench(
  source: LocalSource,
  { seconds, folder, workFolder, further, onProgress }: TrialOptions,
): MakingBench {
  const bench = furtherBench(source, { folder: workFolder, captions: further.captions });
  return {
    ...bench,
    images: further.images,
    ffmpeg: (plan, options) => bench.ffmpeg(upTo(seconds, plan), options),
    remove: fileName => rm(join(workFolder, fileName), { force: true }),
    keep: file => moveTo(folder, file),
    assignment: {
      ...bench.assignment,
      folder: workFolder,
      onProgress: (percent, speed) => onProgress(percent / ENCODE_PERCENT, speed),
    },
  };
}

/** The plan over the first seconds; one that reads a shorter part, or what was made of them, still does. */
function upTo(seconds: number, plan: FfmpegPlan): FfmpegPlan {
  if (plan.madeInputs !== undefined) return plan;
  return { ...plan, inputOptions: ['-t', String(seconds), ...plan.inputOptions] };
}

/** The probe of a video as if it ended after so many seconds. */
export function firstSeconds(probe: Probe, seconds: number): Probe {
  const capped = (end: number | undefined): number | undefined =>
    end === undefined ? undefined : Math.min(end, seconds);
  return {
    ...probe,
    durationSeconds: capped(probe.durationSeconds),
    video: probe.video && { ...probe.video, endSeconds: capped(probe.video.endSeconds) },
    audio: probe.audio && { ...probe.audio, endSeconds: capped(probe.audio.endSeconds) },
  };
}

/** Moves a finished file to where it belongs. */
async function moveTo(
  folder: string,
  { path, fileName }: { path: string; fileName: string },
): Promise<StoredFile> {
  const to = join(folder, fileName);
  await mkdir(dirname(to), { recursive: true });
  await rename(path, to);
  return { key: to, sizeBytes: (await stat(to)).size, sha256: (await sha256OfFile(to)).hex };
}
