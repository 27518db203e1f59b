import type { Probe } from '../probe';
import { OGG_PAGE, readPage } from './ogg-page';
import { lacksRows, pictureBytes, PROGRAM_UNIT } from './program-stream';
import { AC3_FRAME, ADTS_FRAME } from './sound-frame';
import { transportPacket } from './transport-packet';
import type { Unit } from './unit';
import { beginsChain, findUnits } from './unit';

/**
 * What a file consists of whose format does not tell how long it is.
 * @param head its first bytes
 */
export function unitOf({ format }: Pick<Probe, 'format'>, head: Uint8Array): Unit | undefined {
  switch (format) {
    case 'ogg':
      return OGG_PAGE;
    case 'aac':
      return ADTS_FRAME;
    case 'ac3':
    case 'eac3':
      return AC3_FRAME;
    case 'mpeg':
      return PROGRAM_UNIT;
    case 'mpegts':
      return transportPacket(head);
    default:
      return undefined;
  }
}

/** Bytes at the end of a file that tell whether it is all there: some pictures. */
export const TAIL_BYTES = 1024 ** 2;

/**
 * In what a file without a length ends too early; undefined where it ends between two units, as a whole one does.
 * Whether more of them should have followed can't be told. Nor does a mark of the end tell: many recordings have none.
 * @param tail its last bytes
 */
export function cutWithin(tail: Uint8Array, unit: Unit, { video }: Pick<Probe, 'video'>): string | undefined {
  const unfinished = new Map<number, boolean>();
  for (const { at, end } of findUnits(tail, unit)) {
    if (end > tail.length) return unit.name;
    if (unit !== OGG_PAGE) continue;
    const { stream, isUnfinished } = readPage(tail, at);
    unfinished.set(stream, isUnfinished);
  }
  if ([...unfinished.values()].includes(true)) return 'packet';
  const hasRows = unit === PROGRAM_UNIT && /^mpeg[12]video$/.test(video?.codec ?? '');
  return hasRows && lacksRows(pictureBytes(tail)) ? 'picture' : undefined;
}

/** Counts the bytes of a stream that belong to no unit, piece by piece. */
export class HoleMeter {
  readonly #unit: Unit;
  #rest: Uint8Array = new Uint8Array();
  #hasBegun = false;
  #isInChain = false;
  #lostBytes = 0;
  #bytes = 0;

  constructor(unit: Unit) {
    this.#unit = unit;
  }

  /** Takes the next bytes. */
  add(bytes: Uint8Array): void {
    const all = new Uint8Array(this.#rest.length + bytes.length);
    all.set(this.#rest);
    all.set(bytes, this.#rest.length);
    // A chain must not seem to end where the bytes do.
    this.#walk(all, all.length - this.#unit.chain * this.#unit.longestBytes);
    this.#bytes += bytes.length;
  }

  /** Part of the stream that belongs to no unit, from 0 to 1, once all of it was taken. */
  lostShare(): number {
    this.#walk(this.#rest, this.#rest.length);
    return this.#bytes === 0 ? 0 : this.#lostBytes / this.#bytes;
  }

  #walk(bytes: Uint8Array, until: number): void {
    let at = 0;
    while (at < until) {
      const isUnit = this.#isInChain || beginsChain(bytes, at, this.#unit);
      const size = isUnit ? this.#unit.sizeAt(bytes, at) : undefined;
      this.#isInChain = size !== undefined;
      this.#hasBegun ||= this.#isInChain;
      // What stands in front is no hole: tags, or the middle of a unit where a recording began.
      if (size === undefined && this.#hasBegun) this.#lostBytes += 1;
      at += size ?? 1;
    }
    this.#rest = bytes.subarray(Math.min(at, bytes.length));
  }
}
