import { parseCandidates, planBestFrame } from '../../core/best-frame';
import type { Findings } from '../../core/encode-plan';
import { planEncode } from '../../core/encode-plan';
import { bestIn } from '../../core/join/best-in';
import { mainOf } from '../../core/join/join';
import { captionsOn } from '../../core/join/joined-captions';
import type { Loudness } from '../../core/loudness';
import { parseLoudness } from '../../core/loudness';
import { planLoudness } from '../../core/loudness-plan';
import type { PresetOutput } from '../../core/preset';
import type { Probe } from '../../core/probe';
import { lastingSeconds } from '../../core/probe';
import type { OutputFacts } from '../../core/report';
import { withScores } from '../../core/quality/scored';
import type { StillPlan } from '../../core/still-plan';
import { videoRenditions } from '../../core/video-rendition';
import type { InputBench } from '../captions';
import { writeTracks } from '../captions';
import { AdaptiveJob } from '../adaptive/adaptive-job';
import { hasContent } from '../files';
import type { MadeFile } from '../made-files';
import { collectFiles } from '../made-files';
import { chooseCrfs } from '../quality/choose-crfs';
import type { Assignment } from './assignment';
import { ENCODE_PERCENT } from './assignment';
import { encodeThrough } from './encode-through';
import type { Workbench } from './workbench';

/** What outputs are made with: a worker's bench, or what stands for it on a user's machine. */
export type MakingBench = InputBench &
  Pick<Workbench, 'images' | 'remove' | 'keep'> & {
    readonly assignment: Pick<Assignment, 'folder' | 'onProgress'>;
  };

/** Makes all files of the outputs from the source and measures them. */
export async function makeOutputs(
  bench: MakingBench,
  outputs: readonly PresetOutput[],
  source: Probe,
): Promise<MadeFile[]> {
  const { onProgress, folder } = bench.assignment;
  const captions = captionsOn(source, bench.captions);
  await writeTracks(bench, outputs, source);
  const crfs = await chooseCrfs(bench, videoRenditions(outputs, source), source);
  const findings = { ...(await findOut(bench, outputs, source)), crfs };
  const plan = planEncode(outputs, source, findings);
  const lasts = lastingSeconds(source);
  const adaptive = outputs
    .filter(output => output.kind === 'adaptive')
    .map(output => new AdaptiveJob({ output, source, captions, folder, keep: file => bench.keep(file) }));
  const scores = await encodeThrough(bench, {
    ...{ outputs, source, findings, adaptive },
    onProgress: ({ mediaSeconds, speed }) => {
      if (lasts !== undefined) onProgress(Math.min(1, mediaSeconds / lasts) * ENCODE_PERCENT, speed);
    },
  });
  for (const still of plan.stills) await makeStill(bench, still);
  for (const clip of plan.clips) await bench.ffmpeg(clip);
  const probe = (path: string): Promise<Probe> => bench.probePath(path);
  const made: MadeFile[] = [];
  for (const output of outputs) {
    const job = adaptive.find(other => other.output === output);
    if (job !== undefined) made.push(...(await job.finish()));
    else if (output.kind !== 'adaptive')
      made.push(...(await collectFiles(output, { source, captions, folder, probe })));
  }
  return made.map(file => withScores(file, file.output.name, id => scores.get(id)));
}

/** Stores finished files one after another. */
export async function storeAll(bench: Workbench, files: readonly MadeFile[]): Promise<OutputFacts[]> {
  const stored: OutputFacts[] = [];
  for (const made of files) {
    stored.push(await bench.store(made));
    bench.assignment.onProgress(ENCODE_PERCENT + ((100 - ENCODE_PERCENT) * stored.length) / files.length, 0);
  }
  return stored;
}

/** What has to be known of the source before anything can be made of it. */
export async function findOut(
  bench: Pick<MakingBench, 'ffmpeg' | 'captions' | 'images'>,
  outputs: readonly PresetOutput[],
  source: Probe,
): Promise<Findings> {
  const loudness = new Map<string, Loudness>();
  for (const { key, plan } of planLoudness(outputs, source)) {
    const measured = parseLoudness(await bench.ffmpeg(plan));
    if (measured !== undefined) loudness.set(key, measured);
  }
  const { video } = source;
  const { images } = bench;
  const captions = captionsOn(source, bench.captions);
  if (video === undefined || !outputs.some(output => output.kind === 'still' && output.best))
    return { loudness, captions, images };
  const candidates = parseCandidates(await bench.ffmpeg(planBestFrame(mainOf(source).video ?? video)));
  return { loudness, captions, images, bestSeconds: bestIn(source, candidates) };
}

async function makeStill(bench: MakingBench, { wanted, fallback }: StillPlan): Promise<void> {
  await bench.ffmpeg(wanted);
  // Past the last frame ffmpeg writes nothing and is content.
  const written = await Promise.all(wanted.files.map(({ fileName }) => hasContent(bench.path(fileName))));
  if (written.includes(false)) await bench.ffmpeg(fallback);
}
