import { UNKNOWN_LANGUAGE } from '../language';
import type { CaptionRendition } from './caption-files';
import { captionLabels } from './caption-labels';
import { ROLES } from './dash';
import { CAPTION_FILE } from './packaging';
import { element, indent, textElement } from './xml';

/**
 * A DASH manifest with these captions in place of all that it has. Each is one file: players of DASH take segments of
 * text inside of MP4 only.
 */
export function withTextSets(
  manifest: string,
  captions: readonly CaptionRendition[],
  durationSeconds: number,
): string {
  const others = manifest.replaceAll(
    /\n *<AdaptationSet [^>]*contentType="text"[^>]*>[^]*?<\/AdaptationSet>/g,
    '',
  );
  const end = others.lastIndexOf('\n  </Period>');
  if (end < 0) throw new Error('The DASH manifest has no period');
  const firstId = others.split('<AdaptationSet ').length - 1;
  const labels = captionLabels(captions);
  const sets = captions.map((caption, index) =>
    textSet(caption, { id: firstId + index, label: labels[index] ?? caption.folder, durationSeconds }),
  );
  return [others.slice(0, end), ...sets.map(set => `\n${indent(set, 4)}`), others.slice(end)].join('');
}

function textSet(
  caption: CaptionRendition,
  { id, label, durationSeconds }: { id: number; label: string; durationSeconds: number },
): string {
  const { folder, language, sizeBytes } = caption;
  const attributes = {
    id: String(id),
    contentType: 'text',
    mimeType: 'text/vtt',
    ...(language === UNKNOWN_LANGUAGE ? {} : { lang: language }),
  };
  return element('AdaptationSet', attributes, [
    textElement('Label', label),
    ...rolesOf(caption).map(value => element('Role', { schemeIdUri: ROLES, value })),
    element(
      'Representation',
      { id: folder, bandwidth: String(Math.ceil((sizeBytes * 8) / durationSeconds)) },
      [textElement('BaseURL', `${folder}/${CAPTION_FILE}`)],
    ),
  ]);
}

function rolesOf({ default: isDefault, forced, hearingImpaired }: CaptionRendition): string[] {
  return [
    ...(isDefault === true ? ['main'] : []),
    forced === true ? 'forced-subtitle' : hearingImpaired === true ? 'caption' : 'subtitle',
  ];
}
