import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of bytes that never changes. Objects are made of one or, after an upload in parts, of many. */
export interface Segment {
  file: string;
  sizeBytes: number;
}

/** Bytes from `first` up to and including `last`, as in an HTTP range. */
export interface ByteRange {
  first: number;
  last: number;
}

const READ_BYTES = 256 * 1024;

/**
 * Files with the contents of objects. Several versions may share a file (copies cost nothing); a
 * file goes when its last holder releases it. Holders are counted in memory only: at start whoever
 * loads records retains what they name, and `sweep` removes the rest.
 */
export class ContentStore {
  readonly #directory: string;
  readonly #holders = new Map<string, number>();
  readonly #removals = new Set<Promise<void>>();

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
  }

  /** Writes all of `source` to a new file, at the pace of the disk. The caller holds it, and must release it. */
  async write(source: AsyncIterable<Buffer>): Promise<Segment> {
    const segment = { file: randomUUID(), sizeBytes: 0 };
    this.retain([segment]);
    try {
      const handle = await open(join(this.#directory, segment.file), 'wx');
      try {
        for await (const chunk of source) {
          await handle.writeFile(chunk);
          segment.sizeBytes += chunk.length;
        }
      } finally {
        await handle.close();
      }
    } catch (error) {
      this.release([segment]);
      throw error;
    }
    return segment;
  }

  retain(segments: readonly Segment[]): void {
    for (const { file } of segments) this.#holders.set(file, (this.#holders.get(file) ?? 0) + 1);
  }

  release(segments: readonly Segment[]): void {
    for (const { file } of segments) {
      const holders = (this.#holders.get(file) ?? 0) - 1;
      if (holders > 0) this.#holders.set(file, holders);
      else this.#remove(file);
    }
  }

  /** The bytes of a range, in order; iterate it once. Stays readable when the object is deleted meanwhile. */
  read(segments: readonly Segment[], range: ByteRange): AsyncGenerator<Buffer> {
    // Held from now on, not from the first read: a deletion may come between the two.
    this.retain(segments);
    return this.#readHeld(segments, range);
  }

  /** Removes files that nobody holds: what a killed process had not finished. */
  async sweep(): Promise<void> {
    const leftovers = readdirSync(this.#directory).filter(file => !this.#holders.has(file));
    await Promise.all(leftovers.map(file => unlink(join(this.#directory, file))));
  }

  /** Resolves when all removals under way are done. */
  async settle(): Promise<void> {
    await Promise.all(this.#removals);
  }

  async *#readHeld(segments: readonly Segment[], range: ByteRange): AsyncGenerator<Buffer> {
    try {
      let offset = 0;
      for (const segment of segments) {
        const first = Math.max(range.first - offset, 0);
        const last = Math.min(range.last - offset, segment.sizeBytes - 1);
        if (first <= last) yield* this.#readSegment(segment, { first, last });
        offset += segment.sizeBytes;
      }
    } finally {
      this.release(segments);
    }
  }

  async *#readSegment(segment: Segment, range: ByteRange): AsyncGenerator<Buffer> {
    const handle = await open(join(this.#directory, segment.file));
    try {
      for (let position = range.first; position <= range.last;) {
        const wanted = Math.min(READ_BYTES, range.last - position + 1);
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, position);
        if (bytesRead === 0) throw new Error(`${segment.file} is shorter than its record says`);
        position += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await handle.close();
    }
  }

  #remove(file: string): void {
    this.#holders.delete(file);
    const removal = unlink(join(this.#directory, file))
      // A file that was never opened for lack of space, say, is not there. Any other leftover is swept at the next start.
      .catch(() => undefined)
      .finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }
}
