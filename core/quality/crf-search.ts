import type { QualityTarget } from './target';
import { floorOf } from './target';
import { toLinear } from './metric';

/** What a part of the source came out as at a crf. */
export interface Trial {
  readonly crf: number;
  readonly score: number;
}

/** How often a picture is encoded at most: once, and again when it misses its floor. */
export const MOST_ENCODES = 3;
/** Rounds of sample encodes; each further one looks beyond what the others tried. */
export const MOST_SAMPLE_ROUNDS = 3;
export const LOWEST_CRF = 10;
/** Beyond, what moves dissolves, whatever a score says that goes by the whole picture. */
export const HIGHEST_CRF = 40;
/** Steps from where the search begins to what is tried at once. */
const FIRST_STEPS = [-8, -3, 2, 7];
/** Steps beyond what was tried, when the target lies outside of it. */
const NEXT_STEPS = [5, 10];
/** Loss on the linear scale of a metric for each step of crf, where it was not measured. */
const USUAL_LOSS: Readonly<Record<QualityTarget['metric'], number>> = { ssim: 0.5, psnr: 0.6, vmaf: 1.5 };
/** Where a step of crf gains less than this share of that, something else than crf limits the picture. */
const NO_GAIN = 0.15;
/** Most steps of crf from one encode of the whole to the next. */
const LARGEST_STEP = 8;

/** Factors that are tried at first. */
export function firstCrfs(startCrf: number): number[] {
  return withinRange(FIRST_STEPS.map(step => startCrf + step));
}

/** Further factors, when the target lies outside of those that were tried; none when the search is over. */
export function furtherCrfs(trials: readonly Trial[], target: QualityTarget): number[] {
  const tried = byCrf(trials);
  const [lowest] = tried;
  const highest = tried.at(-1);
  if (lowest === undefined || highest === undefined) return [];
  if (highest.score >= target.score)
    return withinRange(
      NEXT_STEPS.map(step => highest.crf + step),
      tried,
    );
  if (lowest.score < target.score && !isLimited(trials, target))
    return withinRange(
      NEXT_STEPS.map(step => lowest.crf - step),
      tried,
    );
  return [];
}

/**
 * The highest factor that reaches the target, between those that were tried. When none does, the one that came
 * nearest: under a cap on the bit rate that need not be the lowest.
 */
export function chooseCrf(trials: readonly Trial[], target: QualityTarget): number {
  const tried = byCrf(trials);
  const reaching = tried.findLastIndex(({ score }) => score >= target.score);
  const good = tried[reaching];
  const bad = tried[reaching + 1];
  if (good === undefined) return best(tried)?.crf ?? HIGHEST_CRF;
  if (bad === undefined) return good.crf;
  const linear = (score: number): number => toLinear(target.metric, score);
  const share = (linear(good.score) - linear(target.score)) / (linear(good.score) - linear(bad.score));
  return Math.floor(good.crf + share * (bad.crf - good.crf) + 1e-6);
}

/** Whether a lower factor gains next to nothing any more, as under a cap on the bit rate. */
export function isLimited(trials: readonly Trial[], { metric }: QualityTarget): boolean {
  const [a, b] = byCrf(trials);
  if (a === undefined || b === undefined) return false;
  const gain = (toLinear(metric, a.score) - toLinear(metric, b.score)) / (b.crf - a.crf);
  return gain < USUAL_LOSS[metric] * NO_GAIN;
}

export type NextRound =
  | { readonly kind: 'good' }
  | { readonly kind: 'again'; readonly crf: number }
  | { readonly kind: 'missed'; readonly because: 'maxBitrateKbps' | 'lowestCrf' | 'rounds' };

/**
 * What follows a whole encode that was measured.
 * @param rounds what the whole came out as so far, the last one last
 * @param isCapped a cap on the bit rate is set
 */
export function nextRound(
  rounds: readonly Trial[],
  target: QualityTarget,
  { isCapped }: { isCapped: boolean },
): NextRound {
  const last = rounds.at(-1);
  if (last === undefined || last.score >= floorOf(target)) return { kind: 'good' };
  if (isCapped && rounds.length > 1 && isLimited(rounds, target))
    return { kind: 'missed', because: 'maxBitrateKbps' };
  if (last.crf <= LOWEST_CRF) return { kind: 'missed', because: 'lowestCrf' };
  if (rounds.length >= MOST_ENCODES) return { kind: 'missed', because: 'rounds' };
  const lacking = toLinear(target.metric, target.score) - toLinear(target.metric, last.score);
  const steps = Math.min(LARGEST_STEP, Math.max(1, Math.ceil(lacking / USUAL_LOSS[target.metric])));
  return { kind: 'again', crf: Math.max(LOWEST_CRF, last.crf - steps) };
}

/** The highest factor among those of the best score. */
function best(trials: readonly Trial[]): Trial | undefined {
  const most = Math.max(...trials.map(({ score }) => score));
  return trials.findLast(({ score }) => score === most);
}

function byCrf(trials: readonly Trial[]): Trial[] {
  return trials.toSorted((a, b) => a.crf - b.crf);
}

function withinRange(crfs: readonly number[], tried: readonly Trial[] = []): number[] {
  const known = new Set(tried.map(({ crf }) => crf));
  const limited = crfs.map(crf => Math.min(HIGHEST_CRF, Math.max(LOWEST_CRF, crf)));
  return [...new Set(limited)].filter(crf => !known.has(crf)).sort((a, b) => a - b);
}
