import { AC3_FRAME } from './units/sound-frame';

/** First bytes of a file that intake reads to tell what it is. */
export const SNIFF_BYTES = 4096;

interface Signature {
  readonly container: string;
  readonly offset: number;
  readonly bytes: readonly number[];
}

const ascii = (text: string): readonly number[] => [...text].map(character => character.charCodeAt(0));

const SIGNATURES: readonly Signature[] = [
  { container: 'MP4/MOV', offset: 4, bytes: ascii('ftyp') },
  // QuickTime files made before `ftyp` was invented begin with one of these boxes.
  { container: 'MOV', offset: 4, bytes: ascii('moov') },
  { container: 'MOV', offset: 4, bytes: ascii('mdat') },
  { container: 'MOV', offset: 4, bytes: ascii('wide') },
  { container: 'MOV', offset: 4, bytes: ascii('free') },
  { container: 'MOV', offset: 4, bytes: ascii('skip') },
  { container: 'MOV', offset: 4, bytes: ascii('pnot') },
  { container: 'Matroska/WebM', offset: 0, bytes: [0x1a, 0x45, 0xdf, 0xa3] },
  { container: 'AVI', offset: 8, bytes: ascii('AVI ') },
  { container: 'WAV', offset: 8, bytes: ascii('WAVE') },
  { container: 'FLV', offset: 0, bytes: ascii('FLV') },
  { container: 'ASF/WMV', offset: 0, bytes: [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11] },
  { container: 'MPEG-PS', offset: 0, bytes: [0x00, 0x00, 0x01, 0xba] },
  { container: 'Ogg', offset: 0, bytes: ascii('OggS') },
  { container: 'FLAC', offset: 0, bytes: ascii('fLaC') },
  { container: 'MP3', offset: 0, bytes: ascii('ID3') },
  { container: 'AIFF', offset: 0, bytes: ascii('FORM') },
  { container: 'MXF', offset: 0, bytes: [0x06, 0x0e, 0x2b, 0x34] },
];

const TS_SYNC = 0x47;

/** Name of the container format that the first bytes announce; undefined when it is no media file that is known here. */
export function sniffContainer(head: Uint8Array): string | undefined {
  const found = SIGNATURES.find(({ offset, bytes }) =>
    bytes.every((byte, index) => head[offset + index] === byte),
  );
  if (found !== undefined) return found.container;
  if (isTransportStream(head, 188, 0)) return 'MPEG-TS';
  // M2TS (camcorders, Blu-ray) puts four bytes of time code before each packet.
  if (isTransportStream(head, 192, 4)) return 'MPEG-TS';
  if (isMpegAudio(head)) return 'MP3/AAC';
  if (AC3_FRAME.sizeAt(head, 0) !== undefined) return 'AC-3';
  return undefined;
}

const IMAGES: readonly Signature[] = [
  { container: 'PNG', offset: 0, bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { container: 'JPEG', offset: 0, bytes: [0xff, 0xd8, 0xff] },
  { container: 'WebP', offset: 8, bytes: ascii('WEBP') },
];

/** Name of the image format that the first bytes announce; undefined when it is none that is taken. */
export function sniffImage(head: Uint8Array): 'PNG' | 'JPEG' | 'WebP' | undefined {
  const found = IMAGES.find(({ offset, bytes }) =>
    bytes.every((byte, index) => head[offset + index] === byte),
  );
  return found?.container as 'PNG' | 'JPEG' | 'WebP' | undefined;
}

function isTransportStream(head: Uint8Array, packetBytes: number, offset: number): boolean {
  const packets = Math.min(5, Math.floor((head.length - offset) / packetBytes));
  return (
    packets >= 1 &&
    Array.from({ length: packets }, (_, index) => head[offset + index * packetBytes]).every(
      byte => byte === TS_SYNC,
    )
  );
}

/** MPEG audio (Layer II or III) or ADTS frame header. Layer I is not taken: the byte order mark of UTF-16 looks the same. */
function isMpegAudio(head: Uint8Array): boolean {
  const [first, second, third] = head;
  if (first !== 0xff || second === undefined || third === undefined || (second & 0xe0) !== 0xe0) return false;
  const isAdts = (second & 0xf6) === 0xf0;
  const version = (second >> 3) & 3;
  const layer = (second >> 1) & 3;
  const sampleRateIndex = isAdts ? (third >> 2) & 15 : (third >> 2) & 3;
  return isAdts
    ? sampleRateIndex <= 12
    : version !== 1 && (layer === 1 || layer === 2) && sampleRateIndex !== 3 && third >> 4 !== 15;
}
