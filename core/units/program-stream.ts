import type { Unit } from './unit';
import { findUnits, UNTOLD } from './unit';

const START = [0x00, 0x00, 0x01];
const PACK = 0xba;
const PROGRAM_END = 0xb9;
const FIRST_WITH_LENGTH = 0xbb;
const LENGTH_END = 6;
const PACK_END_MPEG1 = 12;
const PACK_END_MPEG2 = 14;

/** A pack header, or a packet, of an MPEG program stream. */
export const PROGRAM_UNIT: Unit = {
  name: 'packet',
  chain: 3,
  longestBytes: LENGTH_END + 65_535,
  sizeAt(bytes, at) {
    if (START.some((byte, index) => at + index < bytes.length && bytes[at + index] !== byte))
      return undefined;
    const code = bytes[at + START.length];
    if (code === undefined) return UNTOLD;
    if (code === PROGRAM_END) return START.length + 1;
    if (code === PACK) return packBytes(bytes, at);
    if (code < FIRST_WITH_LENGTH) return undefined;
    const [high, low] = bytes.subarray(at + 4, at + LENGTH_END);
    return high === undefined || low === undefined ? UNTOLD : LENGTH_END + high * 256 + low;
  },
};

function packBytes(bytes: Uint8Array, at: number): number | undefined {
  const version = bytes[at + 4];
  if (version === undefined) return UNTOLD;
  if (version >> 4 === 2) return PACK_END_MPEG1;
  if (version >> 6 !== 1) return undefined;
  const stuffing = bytes[at + PACK_END_MPEG2 - 1];
  return stuffing === undefined ? UNTOLD : PACK_END_MPEG2 + (stuffing & 7);
}

const isVideo = (code: number | undefined): boolean => code !== undefined && (code & 0xf0) === 0xe0;

/** The picture stream of a part of a program stream, without the packets around it. */
export function pictureBytes(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const { at, end } of findUnits(bytes, PROGRAM_UNIT)) {
    if (!isVideo(bytes[at + START.length]) || end > bytes.length) continue;
    parts.push(bytes.subarray(payloadAt(bytes, at + LENGTH_END), end));
  }
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let next = 0;
  for (const part of parts) {
    joined.set(part, next);
    next += part.length;
  }
  return joined;
}

/** Where the payload of a packet begins. @param at behind its length */
function payloadAt(bytes: Uint8Array, at: number): number {
  let next = at;
  if ((bytes[next] ?? 0) >> 6 === 2) return next + 3 + (bytes[next + 2] ?? 0);
  while (bytes[next] === 0xff) next += 1;
  if ((bytes[next] ?? 0) >> 6 === 1) next += 2;
  const stamps = (bytes[next] ?? 0) >> 4;
  return next + (stamps === 2 ? 5 : stamps === 3 ? 10 : 1);
}

const PICTURE = 0x00;
const LAST_SLICE = 0xaf;
const EXTENSION = 0xb5;
const CODING_EXTENSION = 8;
const WHOLE_FRAME = 3;

interface Picture {
  /** Frame, or one of two fields. */
  structure: number;
  /** Number of its lowest row of blocks. */
  lastRow: number;
}

/**
 * Whether the last picture of a stream in MPEG-1 or MPEG-2 ends further up than those before it.
 * @param stream of pictures alone
 */
export function lacksRows(stream: Uint8Array): boolean {
  const pictures: Picture[] = [];
  for (let at = 0; at + 4 < stream.length; at += 1) {
    if (stream[at] !== 0 || stream[at + 1] !== 0 || stream[at + 2] !== 1) continue;
    const code = stream[at + 3] ?? 0;
    const picture = pictures.at(-1);
    if (code === PICTURE) pictures.push({ structure: WHOLE_FRAME, lastRow: 0 });
    else if (picture === undefined) continue;
    else if (code <= LAST_SLICE) picture.lastRow = Math.max(picture.lastRow, code);
    else if (code === EXTENSION && (stream[at + 4] ?? 0) >> 4 === CODING_EXTENSION)
      picture.structure = (stream[at + 6] ?? 0) & 3;
  }
  const last = pictures.pop();
  return pictures.some(({ structure, lastRow }) => structure === last?.structure && lastRow > last.lastRow);
}
