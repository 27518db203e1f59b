/** What a stream consists of from its beginning to its end: pages, packs or frames, each of which tells how long it is. */
export interface Unit {
  /** Name of it, for people. */
  readonly name: string;
  /** Units that have to follow each other to be believed, where it is not known that one begins. */
  readonly chain: number;
  /** Bytes that one has at most. */
  readonly longestBytes: number;
  /**
   * Bytes of the unit that begins at a place; undefined where none does. Beyond the end of the bytes when only so
   * much of its beginning is there that its length can't be told.
   */
  readonly sizeAt: (bytes: Uint8Array, at: number) => number | undefined;
}

/** Length of a unit of which the beginning is all that is there. */
export const UNTOLD = Number.POSITIVE_INFINITY;

/** Whether as many units follow each other from a place on as make it believable; only the last may lack its end. */
export function beginsChain(bytes: Uint8Array, at: number, { chain, sizeAt }: Unit): boolean {
  let next = at;
  for (let found = 0; found < chain; found += 1) {
    const size = next < bytes.length ? sizeAt(bytes, next) : undefined;
    if (size === undefined) return false;
    next += size;
  }
  return true;
}

/** Where each of the units lies that are found in a part of a stream, the last of them perhaps beyond its end. */
export function* findUnits(bytes: Uint8Array, unit: Unit): Generator<{ at: number; end: number }> {
  let at = 0;
  while (at < bytes.length) {
    if (!beginsChain(bytes, at, unit)) {
      at += 1;
      continue;
    }
    for (let size = unit.sizeAt(bytes, at); size !== undefined; size = unit.sizeAt(bytes, at)) {
      yield { at, end: at + size };
      at += size;
      if (at >= bytes.length) return;
    }
  }
}
