import { excerptOf } from '../../core/excerpt';
import type { FfmpegPlan } from '../../core/encode-plan';
import type { Probe } from '../../core/probe';
import { parseComparison } from '../../core/quality/comparison-plan';
import type { Trial } from '../../core/quality/crf-search';
import { chooseCrf, firstCrfs, furtherCrfs, MOST_SAMPLE_ROUNDS } from '../../core/quality/crf-search';
import { isMeasuredByEncoder, parseEncoderScores } from '../../core/quality/encoder-score';
import { meanScore } from '../../core/quality/metric';
import type { Place } from '../../core/quality/sample-places';
import { samplePlaces } from '../../core/quality/sample-places';
import type { Candidate } from '../../core/quality/sample-plan';
import { planSample, planSampleComparison, sampleFileName } from '../../core/quality/sample-plan';
import type { QualityTarget } from '../../core/quality/target';
import { pictureSeconds } from '../../core/tile-plan';
import type { VideoRendition } from '../../core/video-rendition';

/** What a search for the right quality is done with. */
export interface QualityBench {
  /** Runs ffmpeg over the source. @returns its messages */
  ffmpeg(plan: FfmpegPlan): Promise<readonly string[]>;
  /** Removes a file that a plan has left, if it has. */
  remove(fileName: string): Promise<void>;
}

/**
 * Encodes some seconds of the source with several factors, and chooses for each rendition that has a target the
 * highest one that reaches it.
 * @returns factors on the scale of H.264 by the id of the rendition; none for a rendition without a target
 */
export async function chooseCrfs(
  bench: QualityBench,
  renditions: readonly VideoRendition[],
  source: Probe,
): Promise<Map<string, number>> {
  const searches = renditions.flatMap(rendition => {
    const { target } = rendition.wanted.quality;
    return target === undefined ? [] : [{ rendition, target, trials: [] as Trial[] }];
  });
  for (let round = 1; round <= MOST_SAMPLE_ROUNDS; round += 1) {
    const candidates = searches.flatMap(({ rendition, target, trials }) =>
      crfsOfRound(rendition, target, trials).map((crf): Candidate => ({ rendition, crf })),
    );
    if (candidates.length === 0) break;
    const scores = await tryCandidates(bench, candidates, source);
    candidates.forEach(({ rendition, crf }, index) => {
      const score = scores[index];
      const search = searches.find(other => other.rendition === rendition);
      if (score !== undefined) search?.trials.push({ crf, score });
    });
  }
  return new Map(
    searches.flatMap(({ rendition, target, trials }) =>
      trials.length === 0 ? [] : [[rendition.id, chooseCrf(trials, target)] as const],
    ),
  );
}

function crfsOfRound(
  { wanted }: VideoRendition,
  target: QualityTarget,
  trials: readonly Trial[],
): readonly number[] {
  return trials.length === 0 ? firstCrfs(wanted.quality.crf) : furtherCrfs(trials, target);
}

/** Score of each candidate over all places; undefined where nothing was encoded. */
async function tryCandidates(
  bench: QualityBench,
  candidates: readonly Candidate[],
  source: Probe,
): Promise<(number | undefined)[]> {
  const parts = candidates.map((): { score: number; frames: number }[] => []);
  for (const [excerpt, group] of byExcerpt(candidates)) {
    const members = group.map(index => candidates[index]).filter(candidate => candidate !== undefined);
    for (const place of samplePlaces(excerpt, pictureSeconds(source))) {
      const scores = await tryPlace(bench, members, { place, source });
      // Places last equally long.
      scores.forEach((score, at) => {
        if (score !== undefined) parts[group[at] ?? -1]?.push({ score, frames: 1 });
      });
    }
  }
  return candidates.map(({ rendition }, index) => {
    const scores = parts[index] ?? [];
    const metric = rendition.wanted.quality.target?.metric ?? 'ssim';
    return scores.length === 0 ? undefined : meanScore(metric, scores);
  });
}

/** Candidates that show the same part of the source are tried together; by their places in the list. */
function byExcerpt(
  candidates: readonly Candidate[],
): (readonly [ReturnType<typeof excerptOf>, readonly number[]])[] {
  const groups = new Map<string, number[]>();
  candidates.forEach(({ rendition }, index) => {
    const key = JSON.stringify(excerptOf(rendition.output));
    groups.set(key, [...(groups.get(key) ?? []), index]);
  });
  return [...groups.values()].flatMap(indices => {
    const first = candidates[indices[0] ?? -1];
    return first === undefined ? [] : [[excerptOf(first.rendition.output), indices] as const];
  });
}

async function tryPlace(
  bench: QualityBench,
  candidates: readonly Candidate[],
  { place, source }: { place: Place; source: Probe },
): Promise<(number | undefined)[]> {
  const lines = await bench.ffmpeg(planSample(candidates, place, source));
  const own = candidates.filter(({ rendition }) => isMeasuredByEncoder(rendition.wanted));
  const ownScores = parseEncoderScores(
    lines,
    own.map(({ rendition }) => rendition.wanted),
  );
  const left = candidates.flatMap((candidate, index) =>
    own.includes(candidate) ? [] : [{ candidate, fileName: sampleFileName(index) }],
  );
  const compared =
    left.length === 0
      ? undefined
      : parseComparison(await bench.ffmpeg(planSampleComparison(left, place, source)));
  for (const { fileName } of left) await bench.remove(fileName);
  return candidates.map(candidate =>
    own.includes(candidate)
      ? ownScores?.[own.indexOf(candidate)]
      : compared?.get(left.findIndex(other => other.candidate === candidate)),
  );
}
