import type { Unit } from './unit';
import { UNTOLD } from './unit';

const CAPTURE = [0x4f, 0x67, 0x67, 0x53, 0x00];
const HEADER_BYTES = 27;
/** A segment of so many bytes is followed by more of its packet. */
const UNFINISHED = 255;

export const OGG_PAGE: Unit = {
  name: 'page',
  chain: 2,
  longestBytes: 65_307,
  sizeAt(bytes, at) {
    if (CAPTURE.some((byte, index) => at + index < bytes.length && bytes[at + index] !== byte))
      return undefined;
    const segments = bytes[at + HEADER_BYTES - 1];
    const body = at + HEADER_BYTES;
    if (segments === undefined || body + segments > bytes.length) return UNTOLD;
    return (
      HEADER_BYTES + segments + bytes.subarray(body, body + segments).reduce((sum, size) => sum + size, 0)
    );
  },
};

/** Stream that a whole page belongs to, and whether its last packet goes on in another page. */
export function readPage(bytes: Uint8Array, at: number): { stream: number; isUnfinished: boolean } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const segments = view.getUint8(at + HEADER_BYTES - 1);
  return {
    stream: view.getUint32(at + 14, true),
    isUnfinished: segments > 0 && view.getUint8(at + HEADER_BYTES + segments - 1) === UNFINISHED,
  };
}
