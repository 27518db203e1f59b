import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AdaptiveJob } from '../../container/adaptive/adaptive-job';
import { writeTracks } from '../../container/captions';
import { hasContent } from '../../container/files';
import { probeFile } from '../../container/media/examine';
import type { EncodeProgress } from '../../container/media/progress';
import { runFfmpeg } from '../../container/media/run-ffmpeg';
import { chooseCrfs } from '../../container/quality/choose-crfs';
import { sha256OfFile } from '../../container/sha256';
import type { EncodeBench } from '../../container/work/encode-through';
import { encodeThrough } from '../../container/work/encode-through';
import type { StoredFile } from '../../container/upload';
import type { CaptionTrack, TextFile } from '../../core/captions/track';
import { captionOutputFiles, shownSeconds } from '../../core/captions/track';
import type { FfmpegPlan } from '../../core/encode-plan';
import { NOTHING_FOUND, planEncode } from '../../core/encode-plan';
import type { PresetOutput } from '../../core/preset';
import { outputFileName } from '../../core/preset';
import type { Probe } from '../../core/probe';
import { lastingSeconds } from '../../core/probe';
import type { Score } from '../../core/quality/score';
import { withScores } from '../../core/quality/scored';
import type { TreeFacts } from '../../core/report';
import { videoRenditions } from '../../core/video-rendition';
import type { FurtherContent } from './further-inputs';
import { furtherBench } from './further-inputs';
import type { LocalSource } from './local-source';

export interface TriedOutput {
  readonly output: PresetOutput;
  readonly path: string;
  /** Absent for text. */
  readonly probe?: Probe;
  /** Present where the preset asks for a quality. */
  readonly score?: Score | undefined;
  /** What an adaptive output consists of. */
  readonly tree?: TreeFacts | undefined;
  /** Of all its files. */
  readonly sizeBytes: number;
}

export interface Trial {
  readonly outputs: readonly TriedOutput[];
  /** Seconds of the source that were encoded. */
  readonly mediaSeconds: number;
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

/** Encodes the first seconds of a video with the plan and the code of the worker. */
export async function tryEncode(
  source: LocalSource,
  options: {
    outputs: readonly PresetOutput[];
    seconds: number;
    folder: string;
    /** What files beside the video hold. */
    further: FurtherContent;
    /** @param share from 0 to 1 */
    onProgress: (share: number, progress: EncodeProgress) => void;
  },
): Promise<Trial> {
  const { outputs, seconds, folder, further, onProgress } = options;
  const beginning = firstSeconds(source.probe, seconds);
  const mediaSeconds = lastingSeconds(beginning) ?? seconds;
  const { captions } = further;
  await writeTracks(furtherBench(source, { folder, captions }), outputs, beginning);
  const startedAtMs = performance.now();
  const bench: EncodeBench = {
    ffmpeg: (planned, { failed = [], ...options } = {}) => {
      const signal = AbortSignal.any([source.signal, ...failed]);
      return ffmpeg({ ...source, signal }, upTo(seconds, planned), { folder, ...options });
    },
    remove: fileName => rm(join(folder, fileName), { force: true }),
  };
  const crfs = await chooseCrfs(bench, videoRenditions(outputs, beginning), beginning);
  const findings = { ...NOTHING_FOUND, ...further, crfs };
  const plan = planEncode(outputs, beginning, findings);
  const adaptive = outputs
    .filter(output => output.kind === 'adaptive')
    .map(
      output =>
        new AdaptiveJob({ output, source: beginning, captions, folder, keep: file => keepIn(folder, file) }),
    );
  const scores = await encodeThrough(bench, {
    ...{ outputs, source: beginning, findings, adaptive },
    onProgress: progress => onProgress(Math.min(1, progress.mediaSeconds / mediaSeconds), progress),
  });
  for (const { wanted, fallback } of plan.stills) {
    await ffmpeg(source, wanted, { folder });
    // Past the last frame ffmpeg writes nothing and is content.
    const written = await Promise.all(wanted.files.map(({ fileName }) => hasContent(join(folder, fileName))));
    if (written.includes(false)) await ffmpeg(source, fallback, { folder });
  }
  const wallSeconds = (performance.now() - startedAtMs) / 1000;
  const cpuSeconds = source.cpu.seconds();
  const tried = await probeAll(source, {
    outputs,
    folder,
    adaptive,
    texts: writeTexts(outputs, beginning, captions),
  });
  return {
    outputs: tried.map(made => withScores(made, made.output.name, id => scores.get(id))),
    ...{ mediaSeconds, wallSeconds, cpuSeconds },
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

async function ffmpeg(
  { gate, ...source }: LocalSource,
  plan: FfmpegPlan,
  options: { folder: string; onProgress?: (progress: EncodeProgress) => void },
): Promise<readonly string[]> {
  return runFfmpeg({
    ...source,
    ...options,
    plan,
    sourceUrl: gate.url,
    sourceBytesRead: () => gate.bytesRead,
    maxFileBytes: () => undefined,
  });
}

async function probeAll(
  { gate, ...source }: LocalSource,
  {
    outputs,
    folder,
    adaptive,
    texts,
  }: {
    outputs: readonly PresetOutput[];
    folder: string;
    adaptive: readonly AdaptiveJob[];
    texts: ReadonlyMap<PresetOutput, readonly TextFile[]>;
  },
): Promise<TriedOutput[]> {
  const tried: TriedOutput[] = [];
  for (const output of outputs) {
    for (const { fileName, text } of texts.get(output) ?? []) {
      const path = join(folder, fileName);
      await writeFile(path, text);
      tried.push({ output, path, sizeBytes: Buffer.byteLength(text) });
    }
    if (output.kind === 'captions') continue;
    const path = join(folder, outputFileName(output));
    const job = adaptive.find(other => other.output === output);
    const [made] = job === undefined ? [] : await job.finish();
    if (made?.probe !== undefined) {
      const { probe, tree } = made;
      tried.push({ output, path, probe, tree, sizeBytes: tree?.sizeBytes ?? 0 });
      continue;
    }
    const probe = await probeFile({ ...source, input: path, sourceBytesRead: () => gate.bytesRead });
    tried.push({ output, path, probe, sizeBytes: (await stat(path)).size });
  }
  return tried;
}

/** The files of outputs that are text alone. */
function writeTexts(
  outputs: readonly PresetOutput[],
  probe: Probe,
  captions: readonly CaptionTrack[],
): Map<PresetOutput, readonly TextFile[]> {
  const seconds = shownSeconds(probe);
  return new Map(
    outputs
      .filter(output => output.kind === 'captions')
      .map(output => [output, captionOutputFiles(output, captions, seconds)]),
  );
}

/** Moves a finished file to where it belongs. */
async function keepIn(
  folder: string,
  { path, fileName }: { path: string; fileName: string },
): Promise<StoredFile> {
  const to = join(folder, fileName);
  await mkdir(dirname(to), { recursive: true });
  await rename(path, to);
  return { key: to, sizeBytes: (await stat(to)).size, sha256: (await sha256OfFile(to)).hex };
}
