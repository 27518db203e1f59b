import type { Score } from '../core/quality/score';
import type { Scored } from '../core/quality/scored';

/** `ssim 0.9712 at crf 24`, `… at crf 24 to 20` where chunks have different ones; with what was missed and why, when it was. */
export function scoreText(score: Score | undefined): string {
  if (score === undefined) return '';
  const { metric, value, floor, crf, lowestCrf, rounds, missedBecause } = score;
  const again = rounds === 1 ? '' : `, ${rounds} encodes`;
  const missed = missedBecause === undefined ? '' : `, below ${floor}: ${REASONS[missedBecause]}`;
  const lower = lowestCrf === undefined ? '' : ` to ${lowestCrf}`;
  return `${metric} ${value} at crf ${crf}${lower}${again}${missed}`;
}

/** How good a file came out; of an adaptive output each of its sizes. Empty where nothing was asked for. */
export function scoresText({ score, tree }: Scored): string {
  const rungs = (tree?.rungs ?? []).filter(rung => rung.score !== undefined);
  return [scoreText(score), ...rungs.map(rung => `${rung.name} ${scoreText(rung.score)}`)]
    .filter(text => text !== '')
    .join('; ');
}

const REASONS: Readonly<Record<NonNullable<Score['missedBecause']>, string>> = {
  maxBitrateKbps: 'maxBitrateKbps does not allow it',
  lowestCrf: 'there is no lower crf',
  rounds: 'not reached in so many encodes',
};
