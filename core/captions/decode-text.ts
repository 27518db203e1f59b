import { CaptionFault } from './caption-fault';

/** Encodings that a manifest may name; the others are recognized. */
export const CAPTION_ENCODINGS = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'iso-8859-2',
  'koi8-r',
  'shift_jis',
  'euc-jp',
  'euc-kr',
  'gb18030',
  'big5',
] as const;

export type CaptionEncoding = (typeof CAPTION_ENCODINGS)[number];

/** Bytes that are looked at to tell UTF-16 without a byte order mark. */
const SAMPLE_BYTES = 4000;

/**
 * Text of a caption file: by its byte order mark, as UTF-16 where every other byte is zero, as UTF-8 where it is valid,
 * else as Windows-1252, which holds Latin-1.
 * @param encoding named by the user; a byte order mark counts for more
 * @throws CaptionFault when it is no text
 */
export function decodeText(bytes: Uint8Array, encoding?: CaptionEncoding): string {
  const known = markedEncoding(bytes) ?? encoding ?? unmarkedUtf16(bytes);
  const text = known === undefined ? decodeUnmarked(bytes) : decode(bytes, known);
  if (text === undefined)
    throw new CaptionFault(undefined, `It is not ${known}. Correct captions.encoding, or remove it.`);
  if (text.includes('\0')) throw new CaptionFault(undefined, 'It is no text file.');
  return text;
}

function decodeUnmarked(bytes: Uint8Array): string | undefined {
  return decode(bytes, 'utf-8') ?? decode(bytes, 'windows-1252');
}

function decode(bytes: Uint8Array, encoding: CaptionEncoding): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function markedEncoding([first, second, third]: Uint8Array): CaptionEncoding | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return undefined;
}

function unmarkedUtf16(bytes: Uint8Array): CaptionEncoding | undefined {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  const zeros = [0, 0];
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  // Times and digits alone make this many zeros, whatever the language.
  const many = sample.length / 8;
  if (odd > many && even === 0) return 'utf-16le';
  if (even > many && odd === 0) return 'utf-16be';
  return undefined;
}
