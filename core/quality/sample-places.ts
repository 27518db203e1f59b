import type { Excerpt } from '../excerpt';
import { excerptSeconds } from '../excerpt';

/** A few seconds of the source. */
export interface Place {
  readonly fromSeconds: number;
  readonly seconds: number;
}

const PLACES = 3;
/** A source up to this length is tried whole. */
const WHOLE_SECONDS = 4;
/** Part of the source that is tried, and the bounds of each place. */
const SHARE = 0.1;
const SHORTEST_SECONDS = 1.5;
const LONGEST_SECONDS = 4;

/** Where a part of the source is tried, when it lasts so long; spread over it, beginning and end left out. */
export function samplePlaces(excerpt: Excerpt, lastsSeconds: number): Place[] {
  const seconds = excerptSeconds(excerpt, lastsSeconds);
  if (seconds <= WHOLE_SECONDS) return [{ fromSeconds: excerpt.startSeconds, seconds: WHOLE_SECONDS }];
  const each = Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, (seconds * SHARE) / PLACES));
  return Array.from({ length: PLACES }, (_, index) => ({
    fromSeconds: excerpt.startSeconds + (seconds * (index + 1)) / (PLACES + 1) - each / 2,
    seconds: each,
  }));
}
