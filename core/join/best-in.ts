import type { Candidate } from '../best-frame';
import { bestFrameSeconds } from '../best-frame';
import type { Probe } from '../probe';
import { unitSeconds } from '../time-base';
import { mainStartSeconds } from './join';

/**
 * Second of the frame that shows most. Of a joined source the frames of the main one are candidates: a title says
 * little of what follows it.
 * @param candidates by the time of the main source
 */
export function bestIn({ join }: Probe, candidates: readonly Candidate[]): number | undefined {
  const main = join?.parts.find(({ further }) => further === undefined);
  if (join === undefined || main === undefined) return bestFrameSeconds(candidates);
  const { startSeconds } = main.excerpt;
  const lasts = unitSeconds(main.units, join.rate);
  const shown = candidates
    .map(candidate => ({ ...candidate, seconds: candidate.seconds - startSeconds }))
    .filter(({ seconds }) => seconds >= 0 && seconds < lasts);
  const best = bestFrameSeconds(shown);
  return best === undefined ? undefined : mainStartSeconds(join) + best;
}
