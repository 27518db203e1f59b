import { UNKNOWN_LANGUAGE } from '../language';
import type { CaptionRendition } from './caption-files';
import { captionLabels } from './caption-labels';
import type { Attribute } from './hls-tags';
import { quoted, tag } from './hls-tags';
import { MEDIA_PLAYLIST } from './packaging';

const GROUP = 'captions';
const ATTRIBUTE = `,SUBTITLES=${quoted(GROUP)}`;
const MEDIA_TAG = '#EXT-X-MEDIA:TYPE=SUBTITLES,';
const VARIANT_TAG = '#EXT-X-STREAM-INF:';
/** What Apple asks of captions that tell of sounds too. */
const FOR_THE_DEAF =
  'public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound';

/** A master playlist with these captions in place of all that it offers; without any, it offers none. */
export function withSubtitles(master: string, captions: readonly CaptionRendition[]): string {
  const labels = captionLabels(captions);
  const media = captions.map((caption, index) => mediaLine(caption, labels[index] ?? caption.folder));
  const lines = master
    .split('\n')
    .filter(line => !line.startsWith(MEDIA_TAG))
    .map(line => (line.startsWith(VARIANT_TAG) ? withGroup(line, captions.length > 0) : line));
  const first = lines.findIndex(line => line.startsWith(VARIANT_TAG));
  if (first < 0) throw new Error('The master playlist has no variant');
  return lines.toSpliced(first, 0, ...media).join('\n');
}

function withGroup(variant: string, hasCaptions: boolean): string {
  return `${variant.replace(ATTRIBUTE, '')}${hasCaptions ? ATTRIBUTE : ''}`;
}

function mediaLine(
  { folder, language, default: isDefault, forced, hearingImpaired }: CaptionRendition,
  label: string,
): string {
  const attributes: Attribute[] = [
    ['TYPE', 'SUBTITLES'],
    ['GROUP-ID', quoted(GROUP)],
    ['NAME', quoted(label)],
    ...(language === UNKNOWN_LANGUAGE ? [] : [['LANGUAGE', quoted(language)] as const]),
    ['DEFAULT', isDefault === true ? 'YES' : 'NO'],
    ['AUTOSELECT', 'YES'],
    ...(forced === true ? [['FORCED', 'YES'] as const] : []),
    ...(hearingImpaired === true ? [['CHARACTERISTICS', quoted(FOR_THE_DEAF)] as const] : []),
    ['URI', quoted(`${folder}/${MEDIA_PLAYLIST}`)],
  ];
  return tag('EXT-X-MEDIA', attributes);
}
