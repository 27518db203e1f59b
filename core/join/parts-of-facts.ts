import type { Place } from '../input-use';
import type { SourceFacts } from '../report';

/** Seconds of the files that are shown before and after a source. @param place absent: both */
export function partsSeconds({ parts = [] }: Pick<SourceFacts, 'parts'>, place?: Place): number {
  return parts
    .filter(part => place === undefined || part.place === place)
    .reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
}
