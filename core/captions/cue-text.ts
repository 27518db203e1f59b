const KEPT_TAGS = ['b', 'i', 'u'];
const TAG_PATTERN = /<(\/?)([a-z]+)(?:[\s.][^<>]*)?>|<\d[\d:.]*>|<\/?[a-z]+[^<>]*>/gi;
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&nbsp;': '\u00a0',
  '&lrm;': '\u200e',
  '&rlm;': '\u200f',
  '&quot;': '"',
  '&apos;': "'",
  '&#39;': "'",
};
/** Characters that a cue has at most; a longer one is no caption. */
const LONGEST_TEXT = 2000;

/**
 * Makes cue text of what a file says: of its tags only bold, italic and underlined are kept, each closed;
 * everything else of it is shown as it stands.
 */
export function cueText(markup: string): string {
  const open: string[] = [];
  let text = '';
  let last = 0;
  const normal = cleanLines(markup);
  for (const match of normal.matchAll(TAG_PATTERN)) {
    text += escapeText(normal.slice(last, match.index));
    last = match.index + match[0].length;
    const [, slash = '', name = ''] = match;
    const tag = name.toLowerCase();
    if (!KEPT_TAGS.includes(tag)) continue;
    if (slash === '') {
      open.push(tag);
      text += `<${tag}>`;
    } else if (open.includes(tag)) {
      // What was opened after it is closed first.
      for (let inner = open.pop(); inner !== undefined; inner = open.pop()) {
        text += `</${inner}>`;
        if (inner === tag) break;
      }
    }
  }
  text += escapeText(normal.slice(last));
  return (
    text +
    [...open]
      .reverse()
      .map(tag => `</${tag}>`)
      .join('')
  );
}

/** Cue text without any tag or escape. */
export function plainText(text: string): string {
  return unescapeText(text.replaceAll(/<\/?[biu]>/g, ''));
}

/** A blank line ends a cue, and control characters have no place in one. */
function cleanLines(markup: string): string {
  return markup
    .slice(0, LONGEST_TEXT)
    .split(/\r\n|\r|\n/)
    .map(line => line.replaceAll(/[\p{Cc}\u2028\u2029\ufeff]/gu, ' ').trim())
    .filter(line => line !== '')
    .join('\n');
}

function escapeText(text: string): string {
  return unescapeText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function unescapeText(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt|nbsp|lrm|rlm|quot|apos|#39);/g, entity => ENTITIES[entity] ?? entity);
}
