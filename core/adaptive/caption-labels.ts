import { languageName, UNKNOWN_LANGUAGE } from '../language';
import type { CaptionFacts } from '../report';
import { eachOnce } from './labels';

/** What viewers choose captions by: each name once. */
export function captionLabels(tracks: readonly CaptionFacts[]): string[] {
  return eachOnce(tracks.map(labelOf));
}

function labelOf({ name, language, forced, hearingImpaired }: CaptionFacts): string {
  if (name !== undefined) return name;
  const called = language === UNKNOWN_LANGUAGE ? 'Captions' : languageName(language);
  const purposes = [...(forced === true ? ['forced'] : []), ...(hearingImpaired === true ? ['SDH'] : [])];
  return purposes.length === 0 ? called : `${called} (${purposes.join(', ')})`;
}
