import type { Score } from '../core/quality/score';

/** `ssim 0.9712 at crf 24`; with what was missed and why, when it was. */
export function scoreText(score: Score | undefined): string {
  if (score === undefined) return '';
  const { metric, value, floor, crf, rounds, missedBecause } = score;
  const again = rounds === 1 ? '' : `, ${rounds} encodes`;
  const missed = missedBecause === undefined ? '' : `, below ${floor}: ${REASONS[missedBecause]}`;
  return `${metric} ${value} at crf ${crf}${again}${missed}`;
}

const REASONS: Readonly<Record<NonNullable<Score['missedBecause']>, string>> = {
  maxBitrateKbps: 'maxBitrateKbps does not allow it',
  lowestCrf: 'there is no lower crf',
  rounds: 'not reached in so many encodes',
  chunks: 'chunks are encoded once',
  segments: 'segments are stored while they are made',
};
