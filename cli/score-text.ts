import type { Score } from '../core/quality/score';

/** `ssim 0.9712 at crf 24`, `… at crf 24 to 20` where chunks have different ones; with what was missed and why, when it was. */
export function scoreText(score: Score | undefined): string {
  if (score === undefined) return '';
  const { metric, value, floor, crf, lowestCrf, rounds, missedBecause } = score;
  const again = rounds === 1 ? '' : `, ${rounds} encodes`;
  const missed = missedBecause === undefined ? '' : `, below ${floor}: ${REASONS[missedBecause]}`;
  const lower = lowestCrf === undefined ? '' : ` to ${lowestCrf}`;
  return `${metric} ${value} at crf ${crf}${lower}${again}${missed}`;
}

const REASONS: Readonly<Record<NonNullable<Score['missedBecause']>, string>> = {
  maxBitrateKbps: 'maxBitrateKbps does not allow it',
  lowestCrf: 'there is no lower crf',
  rounds: 'not reached in so many encodes',
};
