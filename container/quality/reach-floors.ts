import type { Trial } from '../../core/quality/crf-search';
import { nextRound } from '../../core/quality/crf-search';
import type { Score } from '../../core/quality/score';
import { toScore } from '../../core/quality/score';
import type { QualityTarget } from '../../core/quality/target';
import type { VideoRendition } from '../../core/video-rendition';
import { withCrf } from '../../core/video-rendition';

/** What is done with pictures that have been encoded; all that concerns one comes in the order of the pictures. */
export interface Passes {
  /** @param lines what the run that made them printed. @returns scores by the id of the rendition */
  measure(
    renditions: readonly VideoRendition[],
    lines: readonly string[],
  ): Promise<ReadonlyMap<string, number>>;
  /** Encodes them once more, with the factors that they have now. @returns what the run printed */
  encodeAgain(renditions: readonly VideoRendition[]): Promise<readonly string[]>;
}

interface Picture {
  /** As it was encoded last. */
  rendition: VideoRendition;
  readonly target: QualityTarget;
  /** What it came out as so far. */
  readonly rounds: Trial[];
  missedBecause?: Score['missedBecause'];
}

/**
 * Measures the pictures that have a quality target, and has those encoded again that miss their floor, with a lower factor.
 * @param encoded as they were encoded, and what that run printed
 * @returns scores by the id of the rendition
 */
export async function reachFloors(
  encoded: { readonly renditions: readonly VideoRendition[]; readonly lines: readonly string[] },
  passes: Passes,
): Promise<Map<string, Score>> {
  const pictures = encoded.renditions.flatMap((rendition): Picture[] => {
    const { target } = rendition.wanted.quality;
    return target === undefined ? [] : [{ rendition, target, rounds: [] }];
  });
  const renditionsOf = (some: readonly Picture[]): VideoRendition[] => some.map(({ rendition }) => rendition);
  let { lines } = encoded;
  let open: readonly Picture[] = pictures;
  while (open.length > 0) {
    const scores = await passes.measure(renditionsOf(open), lines);
    open = open.filter(picture => isToBeEncodedAgain(picture, scores.get(picture.rendition.id)));
    if (open.length > 0) lines = await passes.encodeAgain(renditionsOf(open));
  }
  return new Map(pictures.flatMap(picture => scoreOf(picture)));
}

/** Takes down a score, and lowers the factor when another round is due. */
function isToBeEncodedAgain(picture: Picture, score: number | undefined): boolean {
  if (score === undefined) return false;
  const { crf, maxBitrateKbps } = picture.rendition.wanted.quality;
  picture.rounds.push({ crf, score });
  const next = nextRound(picture.rounds, picture.target, { isCapped: maxBitrateKbps !== undefined });
  if (next.kind === 'missed') picture.missedBecause = next.because;
  if (next.kind === 'again') picture.rendition = withCrf(picture.rendition, next.crf);
  return next.kind === 'again';
}

function scoreOf({ rendition, target, rounds, missedBecause }: Picture): [string, Score][] {
  const last = rounds.at(-1);
  if (last === undefined) return [];
  const { crf, score: value } = last;
  return [[rendition.id, toScore(target, { value, crf, rounds: rounds.length, missedBecause })]];
}
