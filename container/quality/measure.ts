import type { Originals } from '../../core/quality/comparison-plan';
import { parseComparison, planComparison } from '../../core/quality/comparison-plan';
import { isMeasuredByEncoder, metricOf, parseEncoderScores } from '../../core/quality/encoder-score';
import type { VideoRendition } from '../../core/video-rendition';
import type { QualityBench } from './choose-crfs';

export interface Encoded {
  /** What the run that made the files printed. */
  readonly lines: readonly string[];
  /** Where it lies; undefined where it can't be compared with anything any more. */
  readonly fileName: (rendition: VideoRendition) => string | undefined;
  /** The source as it went into the encoders of these. */
  readonly originals: (renditions: readonly VideoRendition[]) => Originals;
}

/**
 * Scores of the files of renditions that have a target: those that their encoder printed, and for the others by
 * comparing them with the source.
 * @returns scores by the id of the rendition
 */
export async function measure(
  bench: QualityBench,
  renditions: readonly VideoRendition[],
  encoded: Encoded,
): Promise<Map<string, number>> {
  const own = renditions.filter(({ wanted }) => isMeasuredByEncoder(wanted));
  const printed = parseEncoderScores(
    encoded.lines,
    own.map(({ wanted }) => wanted),
  );
  const scores = new Map(own.flatMap(({ id }, index) => pair(id, printed?.[index])));
  const rest = renditions.filter(
    rendition => !scores.has(rendition.id) && encoded.fileName(rendition) !== undefined,
  );
  if (rest.length === 0) return scores;
  const compared = rest.map((rendition, branch) => ({
    fileName: encoded.fileName(rendition) ?? '',
    branch,
    metric: metricOf(rendition.wanted),
  }));
  const found = parseComparison(await bench.ffmpeg(planComparison(compared, encoded.originals(rest))));
  for (const [index, { id }] of rest.entries())
    for (const [, score] of pair(id, found.get(index))) scores.set(id, score);
  return scores;
}

function pair(id: string, score: number | undefined): [string, number][] {
  return score === undefined ? [] : [[id, score]];
}
