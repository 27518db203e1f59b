import type { Unit } from './unit';
import { UNTOLD } from './unit';

const ADTS_HEADER_BYTES = 7;
const ADTS_RATES = 13;

/** A frame of AAC as it is streamed. */
export const ADTS_FRAME: Unit = {
  name: 'frame',
  chain: 3,
  longestBytes: 8191,
  sizeAt(bytes, at) {
    if (bytes[at] !== 0xff) return undefined;
    const [, second, third, fourth, fifth, sixth] = bytes.subarray(at, at + ADTS_HEADER_BYTES);
    if (second === undefined) return UNTOLD;
    // Twelve bits of synchronization, and a layer of zero.
    if ((second & 0xf6) !== 0xf0) return undefined;
    if (third === undefined || fourth === undefined || fifth === undefined || sixth === undefined)
      return UNTOLD;
    if (((third >> 2) & 0xf) >= ADTS_RATES) return undefined;
    const size = ((fourth & 3) << 11) | (fifth << 3) | (sixth >> 5);
    return size < ADTS_HEADER_BYTES ? undefined : size;
  },
};

/** Bit rates of AC-3 in kbit/s, by half of the code of the frame's size. */
const AC3_KBPS = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640];
const AC3_HEADER_BYTES = 6;
const LAST_AC3_VERSION = 10;
const LAST_EAC3_VERSION = 16;

/** A frame of AC-3 or E-AC-3. */
export const AC3_FRAME: Unit = {
  name: 'frame',
  chain: 3,
  longestBytes: 4096,
  sizeAt(bytes, at) {
    if (bytes[at] !== 0x0b || (at + 1 < bytes.length && bytes[at + 1] !== 0x77)) return undefined;
    if (at + AC3_HEADER_BYTES > bytes.length) return UNTOLD;
    const [, , third = 0, fourth = 0, fifth = 0, sixth = 0] = bytes.subarray(at, at + AC3_HEADER_BYTES);
    const version = sixth >> 3;
    if (version > LAST_EAC3_VERSION) return undefined;
    return version > LAST_AC3_VERSION ? ((((third & 7) << 8) | fourth) + 1) * 2 : ac3Bytes(fifth);
  },
};

function ac3Bytes(code: number): number | undefined {
  const kbps = AC3_KBPS[(code & 0x3f) >> 1];
  if (kbps === undefined) return undefined;
  switch (code >> 6) {
    case 0:
      return kbps * 4;
    case 1:
      // At 44.1 kHz every other frame is two bytes longer.
      return (Math.floor((kbps * 320) / 147) + (code & 1)) * 2;
    case 2:
      return kbps * 6;
    default:
      return undefined;
  }
}
