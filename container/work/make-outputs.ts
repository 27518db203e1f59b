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
import type { Score } from '../../core/quality/score';
import type { StillPlan } from '../../core/still-plan';
import { videoRenditions } from '../../core/video-rendition';
import { writeTracks } from '../captions';
import { AdaptiveJob, whileStoring } from '../adaptive/adaptive-job';
import { hasContent } from '../files';
import type { MadeFile } from '../made-files';
import { collectFiles } from '../made-files';
import { chooseCrfs } from '../quality/choose-crfs';
import { reachQuality } from '../quality/reach-quality';
import { ENCODE_PERCENT } from './assignment';
import type { Workbench } from './workbench';

/** Makes all files of the outputs from the source and measures them. */
export async function makeOutputs(
  bench: Workbench,
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
  const { encode } = plan;
  const adaptive = outputs
    .filter(output => output.kind === 'adaptive')
    .map(output => new AdaptiveJob({ output, source, folder, keep: file => bench.keep(file) }));
  let scores: ReadonlyMap<string, Score> = new Map();
  if (encode !== undefined) {
    const lines = await whileStoring(adaptive, failed =>
      bench.ffmpeg(encode, {
        failed,
        onProgress: ({ mediaSeconds, speed }) => {
          if (lasts !== undefined) onProgress(Math.min(1, mediaSeconds / lasts) * ENCODE_PERCENT, speed);
        },
      }),
    );
    scores = await reachQuality(bench, { outputs, source, findings, lines });
  }
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
  return made.map(file => withScores(file, scores));
}

/** With how good its pictures came out. @param scores by the id of the rendition */
function withScores(file: MadeFile, scores: ReadonlyMap<string, Score>): MadeFile {
  const { output, tree } = file;
  if (tree === undefined) return { ...file, score: scores.get(output.name) };
  const rungs = tree.rungs.map(rung => {
    const score = scores.get(`${output.name}@${rung.name}`);
    return score === undefined ? rung : { ...rung, score };
  });
  return { ...file, tree: { ...tree, rungs } };
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
  bench: Workbench,
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

async function makeStill(bench: Workbench, { wanted, fallback }: StillPlan): Promise<void> {
  await bench.ffmpeg(wanted);
  // Past the last frame ffmpeg writes nothing and is content.
  const written = await Promise.all(wanted.files.map(({ fileName }) => hasContent(bench.path(fileName))));
  if (written.includes(false)) await bench.ffmpeg(fallback);
}
