import { CaptionFault, quote } from './caption-fault';
import type { Cue } from './cue';
import { cueText } from './cue-text';

/** Hours may be left out, and a dot is as common as the comma. */
const TIMES =
  /^\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[,.](\d{1,3}))?\s*-->\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[,.](\d{1,3}))?(?:\s.*)?$/;
const OVERRIDES = /\{\\[^}]*\}/g;

/**
 * Reads SRT.
 * @throws CaptionFault
 */
export function parseSubRip(text: string): Cue[] {
  const cues: Cue[] = [];
  let body: string[] = [];
  let times: { startMs: number; endMs: number } | undefined;
  const finish = (): void => {
    const cue = times && toCue(times, body.join('\n'));
    if (cue !== undefined) cues.push(cue);
    [body, times] = [[], undefined];
  };
  const lines = text.split(/\r\n|\r|\n/);
  lines.forEach((line, index) => {
    if (!line.includes('-->')) {
      if (times !== undefined) body.push(line);
      else if (!isBetweenCues(line))
        throw new CaptionFault(
          index + 1,
          `Expected a time such as 00:00:01,000 --> 00:00:02,000, found ${quote(line)}`,
        );
      return;
    }
    const found = parseTimes(line, index + 1);
    // The number right above belongs to this cue, and not to the text before it.
    if (isBetweenCues(body.at(-1) ?? '')) body.pop();
    finish();
    times = found;
  });
  finish();
  return cues;
}

function isBetweenCues(line: string): boolean {
  return /^\ufeff?\s*\d*\s*$/.test(line);
}

function parseTimes(line: string, number: number): { startMs: number; endMs: number } {
  const match = TIMES.exec(line);
  if (match === null)
    throw new CaptionFault(
      number,
      `Expected a time such as 00:00:01,000 --> 00:00:02,000, found ${quote(line)}`,
    );
  const [, startHours, startMinutes, startSeconds, startPart, hours, minutes, seconds, part] = match;
  const startMs = milliseconds([startHours, startMinutes, startSeconds], startPart);
  const endMs = milliseconds([hours, minutes, seconds], part);
  if (endMs < startMs) throw new CaptionFault(number, `It ends before it begins: ${quote(line)}`);
  return { startMs, endMs };
}

function milliseconds(clock: readonly (string | undefined)[], part = ''): number {
  const seconds = clock.reduce((sum, value = '0') => sum * 60 + Number(value), 0);
  return seconds * 1000 + Number(part.padEnd(3, '0'));
}

function toCue(times: { startMs: number; endMs: number }, body: string): Cue | undefined {
  const text = cueText(body.replaceAll(OVERRIDES, ''));
  // Editors leave empty ones and such of no length behind.
  if (text === '' || times.endMs === times.startMs) return undefined;
  return { ...times, text, ...(/\{\\an[789]\}/.test(body) ? { settings: 'line:0' } : {}) };
}
