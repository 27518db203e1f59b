import { CaptionFault } from './caption-fault';
import type { Cue } from './cue';
import { sortCues } from './cue';
import type { CaptionEncoding } from './decode-text';
import { decodeText } from './decode-text';
import { parseSubRip } from './sub-rip';
import { parseSubStation } from './sub-station';
import { parseWebVtt } from './web-vtt';

/** Cues of one track at most: a film of three hours has two or three thousand. */
const MOST_CUES = 50_000;

/**
 * Reads a caption file: SRT, WebVTT, ASS or SSA, told by its content. The cues come by time, whatever their order was.
 * @throws CaptionFault
 */
export function parseCaptions(bytes: Uint8Array, encoding?: CaptionEncoding): Cue[] {
  const cues = parserOf(decodeText(bytes, encoding));
  if (cues.length === 0) throw new CaptionFault(undefined, 'There is not a single caption in it.');
  if (cues.length > MOST_CUES)
    throw new CaptionFault(undefined, `It has ${cues.length} captions; at most ${MOST_CUES} are taken.`);
  return sortCues(cues);
}

function parserOf(text: string): Cue[] {
  if (/^\ufeff?WEBVTT/.test(text)) return parseWebVtt(text);
  if (/^\ufeff?\s*\[Script Info\]/i.test(text) || /^\[Events\]/im.test(text)) return parseSubStation(text);
  if (/^\ufeff?\s*</.test(text))
    throw new CaptionFault(1, 'It is XML (TTML?), which is not taken. Export SRT, WebVTT or ASS.');
  return parseSubRip(text);
}
