/** What a player that takes in so many bits a second, and holds no more than its buffer, can play without a pause. */
export interface RateCap {
  readonly bitsPerSecond: number;
  readonly bufferBits: number;
}

export interface RatedPacket {
  /** Time by which it must be there. */
  readonly seconds: number;
  readonly bytes: number;
}

/** Share of the buffer that is full when playing begins: what encoders go by. */
const FULL_AT_FIRST = 0.9;

/**
 * Least share of the buffer that is ever full while a stream is played: a leaky bucket.
 * Below 0 the stream has more bits in some stretch of time than the cap allows.
 * @param packets in the order in which they are decoded
 */
export function leastBuffered(
  packets: readonly RatedPacket[],
  { bitsPerSecond, bufferBits }: RateCap,
): number {
  let full = bufferBits * FULL_AT_FIRST;
  let least = full;
  let before = packets[0]?.seconds ?? 0;
  for (const { seconds, bytes } of packets) {
    full = Math.min(bufferBits, full + (seconds - before) * bitsPerSecond) - bytes * 8;
    least = Math.min(least, full);
    before = seconds;
  }
  return least / bufferBits;
}
