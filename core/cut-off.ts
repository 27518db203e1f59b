import { transportPacket } from './units/transport-packet';

/** What the first bytes of a file tell of its size. */
export interface CutOff {
  readonly container: string;
  /** Bytes that the file must have at least; undefined when only their number is known not to be right. */
  readonly announcedBytes?: number;
}

/** Sizes from here on stand for "not known yet" in files that were written as a stream. */
const UNKNOWN_FROM = 0x7fff_f000;

/**
 * Whether a file of this size has been cut off, as far as its first bytes can tell:
 * formats that note how long they are, and those that are made of packets of one size.
 * Undefined when nothing is known to be missing.
 */
export function findCutOff(head: Uint8Array, sizeBytes: number): CutOff | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return (
    cutOff('AVI or WAV', sizeBytes, riffBytes(view)) ??
    cutOff('AIFF', sizeBytes, formBytes(view)) ??
    cutOff('Matroska or WebM', sizeBytes, matroskaBytes(view)) ??
    cutOff('MP4 or MOV', sizeBytes, boxBytes(view)) ??
    cutPackets(head, sizeBytes)
  );
}

function cutOff(
  container: string,
  sizeBytes: number,
  announcedBytes: number | undefined,
): CutOff | undefined {
  return announcedBytes === undefined || announcedBytes <= sizeBytes
    ? undefined
    : { container, announcedBytes };
}

function text(view: DataView, at: number, length = 4): string {
  if (at + length > view.byteLength) return '';
  return Array.from({ length }, (_, index) => String.fromCharCode(view.getUint8(at + index))).join('');
}

/** Of an AVI file beyond a gigabyte this is the first of its parts. */
function riffBytes(view: DataView): number | undefined {
  if (text(view, 0) !== 'RIFF' || view.byteLength < 12) return undefined;
  const size = view.getUint32(4, true);
  if (size >= UNKNOWN_FROM) return undefined;
  // The eight bytes before it do not count, but some writers count them.
  return size;
}

function formBytes(view: DataView): number | undefined {
  if (text(view, 0) !== 'FORM' || view.byteLength < 12) return undefined;
  const size = view.getUint32(4);
  return size >= UNKNOWN_FROM ? undefined : size;
}

const EBML_HEADER = 0x1a45_dfa3;
const SEGMENT = 0x1853_8067;

function matroskaBytes(view: DataView): number | undefined {
  if (view.byteLength < 5 || view.getUint32(0) !== EBML_HEADER) return undefined;
  const header = ebmlSize(view, 4);
  const at = header?.next === undefined || header.size === undefined ? undefined : header.next + header.size;
  if (at === undefined || at + 5 > view.byteLength || view.getUint32(at) !== SEGMENT) return undefined;
  const segment = ebmlSize(view, at + 4);
  return segment?.size === undefined ? undefined : segment.next + segment.size;
}

/** A number of one to eight bytes, of which the first tells how many; all ones stand for "not known". */
function ebmlSize(view: DataView, at: number): { size: number | undefined; next: number } | undefined {
  if (at >= view.byteLength) return undefined;
  const first = view.getUint8(at);
  const length = Math.clz32(first) - 23;
  if (length > 8 || at + length > view.byteLength) return undefined;
  let size = first & (0xff >> length);
  let isUnknown = size === 0xff >> length;
  for (let index = 1; index < length; index += 1) {
    const byte = view.getUint8(at + index);
    isUnknown = isUnknown && byte === 0xff;
    size = size * 256 + byte;
  }
  return { size: isUnknown ? undefined : size, next: at + length };
}

const BOX_TYPES = /^(ftyp|moov|mdat|wide|free|skip|pnot|uuid|sidx|styp|moof|pdin|meta)$/;

/** End of the last box of which the beginning is among the first bytes: the media, or the index. */
function boxBytes(view: DataView): number | undefined {
  let end = 0;
  while (end + 16 <= view.byteLength && BOX_TYPES.test(text(view, end + 4))) {
    const short = view.getUint32(end);
    const size = short === 1 ? Number(view.getBigUint64(end + 8)) : short;
    // Zero: to the end of the file.
    if (size < 8) break;
    end += size;
  }
  return end === 0 ? undefined : end;
}

function cutPackets(head: Uint8Array, sizeBytes: number): CutOff | undefined {
  const packet = transportPacket(head);
  return packet === undefined || sizeBytes % packet.longestBytes === 0 ? undefined : { container: 'MPEG-TS' };
}
