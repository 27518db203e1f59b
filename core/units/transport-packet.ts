import type { Unit } from './unit';

/** Sizes of the packets of a transport stream: as sent, with time codes in front, with error correction. */
const PACKET_BYTES: readonly (readonly [size: number, offset: number])[] = [
  [188, 0],
  [192, 4],
  [204, 0],
];
const SYNC = 0x47;
const PACKETS_LOOKED_AT = 8;

/** The packets of a transport stream, all of which are equally long; undefined when its first bytes are of no such stream. */
export function transportPacket(head: Uint8Array): Unit | undefined {
  const found = PACKET_BYTES.find(([size, offset]) =>
    Array.from({ length: PACKETS_LOOKED_AT }, (_, index) => head[index * size + offset]).every(
      byte => byte === SYNC,
    ),
  );
  if (found === undefined) return undefined;
  const [size, offset] = found;
  return {
    ...{ name: 'packet', chain: 5, longestBytes: size },
    sizeAt: (bytes, at) => (bytes[at + offset] === SYNC ? size : undefined),
  };
}
