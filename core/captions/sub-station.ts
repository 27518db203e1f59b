import { CaptionFault, quote } from './caption-fault';
import type { Cue } from './cue';
import { cueText } from './cue-text';

const TIME = /^\s*(\d+):(\d{1,2}):(\d{1,2})[.:](\d{1,3})\s*$/;

/**
 * Reads the dialogue of ASS and SSA. Of its styling only what is bold, italic, underlined or at the top is kept.
 * @throws CaptionFault
 */
export function parseSubStation(text: string): Cue[] {
  const cues: Cue[] = [];
  let isEvents = false;
  let fields: readonly string[] | undefined;
  text.split(/\r\n|\r|\n/).forEach((line, index) => {
    const section = /^\ufeff?\s*\[(.+)\]\s*$/.exec(line)?.[1];
    if (section !== undefined) isEvents = section.toLowerCase() === 'events';
    if (!isEvents) return;
    const [, kind, value = ''] = /^\s*(Format|Dialogue):(.*)$/i.exec(line) ?? [];
    if (kind?.toLowerCase() === 'format') fields = value.split(',').map(field => field.trim().toLowerCase());
    if (kind?.toLowerCase() === 'dialogue') cues.push(...parseDialogue(value, { fields, number: index + 1 }));
  });
  return cues;
}

function parseDialogue(
  value: string,
  { fields, number }: { fields: readonly string[] | undefined; number: number },
): Cue[] {
  if (fields === undefined)
    throw new CaptionFault(number, 'There is no Format line before the first Dialogue');
  const values = value.split(',');
  // The text comes last, and may have commas of its own.
  const text = values.slice(fields.length - 1).join(',');
  const times = (['start', 'end'] as const).map(name => milliseconds(values[fields.indexOf(name)] ?? ''));
  const [startMs, endMs] = times;
  if (startMs === undefined || endMs === undefined)
    throw new CaptionFault(number, `Expected times such as 0:00:01.00,0:00:02.00, found ${quote(value)}`);
  if (endMs < startMs) throw new CaptionFault(number, `It ends before it begins: ${quote(value)}`);
  // Drawings are no captions.
  const shown = /\{[^}]*\\p[1-9]/.test(text) ? '' : cueText(toMarkup(text));
  if (shown === '' || endMs === startMs) return [];
  return [{ startMs, endMs, text: shown, ...(/\{[^}]*\\an?[789]/.test(text) ? { settings: 'line:0' } : {}) }];
}

function milliseconds(clock: string): number | undefined {
  const [, hours, minutes, seconds, part] = TIME.exec(clock) ?? [];
  if (part === undefined) return undefined;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(part.padEnd(3, '0'));
}

function toMarkup(text: string): string {
  return text
    .replaceAll('<', '&lt;')
    .replaceAll(/\{([^}]*)\}/g, (_block, overrides: string) =>
      [...overrides.matchAll(/\\([biu])([01])(?!\d)/g)]
        .map(([, tag, on]) => `<${on === '1' ? '' : '/'}${tag}>`)
        .join(''),
    )
    .replaceAll(/\\[Nn]/g, '\n')
    .replaceAll('\\h', '\u00a0');
}
