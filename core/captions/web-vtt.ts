import { CaptionFault, quote } from './caption-fault';
import type { Cue } from './cue';
import { cueText } from './cue-text';

const TIMES =
  /^(?:(\d+):)?([0-5]\d):([0-5]\d)\.(\d{3})[ \t]+-->[ \t]+(?:(\d+):)?([0-5]\d):([0-5]\d)\.(\d{3})(?:[ \t]+(.*))?$/;
const SETTING =
  /^(?:vertical:(?:rl|lr)|line:-?\d+(?:\.\d+)?%?(?:,(?:start|center|end))?|position:\d+(?:\.\d+)?%(?:,(?:line-left|center|line-right))?|size:\d+(?:\.\d+)?%|align:(?:start|center|end|left|right))$/;

/**
 * Reads WebVTT. Styles, regions and comments are left behind.
 * @throws CaptionFault
 */
export function parseWebVtt(text: string): Cue[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  if (!/^WEBVTT(?:[ \t]|$)/.test(lines[0] ?? ''))
    throw new CaptionFault(1, `Expected WEBVTT, found ${quote(lines[0] ?? '')}`);
  const cues: Cue[] = [];
  let index = endOfBlock(lines, 0);
  while (index < lines.length) {
    const end = endOfBlock(lines, index);
    const block = lines.slice(index, end);
    const arrow = block.findIndex(line => line.includes('-->'));
    if (arrow >= 0) cues.push(...parseCue(block.slice(arrow), index + arrow + 1));
    else if (
      block.some(line => line !== '') &&
      !/^(?:NOTE|STYLE|REGION)(?:[ \t:]|$)/.test(block[0] ?? '') &&
      block.length > 1
    )
      throw new CaptionFault(
        index + 1,
        `Expected a time such as 00:01.000 --> 00:02.000, found ${quote(block[0] ?? '')}`,
      );
    index = end + 1;
  }
  return cues;
}

/** Number of the next empty line, or of the line after the last. */
function endOfBlock(lines: readonly string[], from: number): number {
  const end = lines.findIndex((line, index) => index >= from && line === '');
  return end < 0 ? lines.length : end;
}

function parseCue([times = '', ...body]: readonly string[], line: number): Cue[] {
  const match = TIMES.exec(times.trim());
  if (match === null)
    throw new CaptionFault(line, `Expected a time such as 00:01.000 --> 00:02.000, found ${quote(times)}`);
  const [, startHours, startMinutes, startSeconds, startMs, hours, minutes, seconds, ms, wanted = ''] = match;
  const cue = {
    startMs: milliseconds([startHours, startMinutes, startSeconds, startMs]),
    endMs: milliseconds([hours, minutes, seconds, ms]),
    text: cueText(body.join('\n')),
  };
  if (cue.endMs < cue.startMs) throw new CaptionFault(line, `It ends before it begins: ${quote(times)}`);
  if (cue.text === '' || cue.endMs === cue.startMs) return [];
  const settings = wanted.split(/[ \t]+/).filter(setting => SETTING.test(setting));
  return [settings.length === 0 ? cue : { ...cue, settings: settings.join(' ') }];
}

function milliseconds([hours = '0', minutes, seconds, ms]: readonly (string | undefined)[]): number {
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(ms);
}

/** Writes WebVTT. @param header a line that tells players more */
export function writeWebVtt(cues: readonly Cue[], header?: string): string {
  const blocks = cues.map(
    ({ startMs, endMs, text, settings }) =>
      `${clock(startMs)} --> ${clock(endMs)}${settings === undefined ? '' : ` ${settings}`}\n${text}\n`,
  );
  return [header === undefined ? 'WEBVTT\n' : `WEBVTT\n${header}\n`, ...blocks].join('\n');
}

function clock(ms: number): string {
  const pad = (value: number, digits = 2): string => String(Math.floor(value)).padStart(digits, '0');
  return `${pad(ms / 3_600_000)}:${pad((ms / 60_000) % 60)}:${pad((ms / 1000) % 60)}.${pad(ms % 1000, 3)}`;
}
