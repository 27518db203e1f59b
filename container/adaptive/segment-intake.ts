import { appendFile, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  publishedSegment,
  PUBLISHED_INIT,
  renditionFolder,
  segmentFiles,
} from '../../core/adaptive/packaging';
import { needBox } from '../../core/adaptive/boxes';
import { readInitSegment } from '../../core/adaptive/init-segment';
import { readMediaSegment } from '../../core/adaptive/media-segment';
import type { StoredSegment, Track } from '../../core/adaptive/track';
import { concurrently } from '../../core/concurrently';
import type { Repetition } from '../repeat';
import { repeat } from '../repeat';

export interface IntakeOptions {
  /** Where ffmpeg writes. */
  readonly folder: string;
  /** Of the streams that are cut into segments. */
  readonly ids: readonly string[];
  /** Takes a finished file away from the folder. @param fileName where it belongs within its output */
  readonly keep: (file: { id: string; path: string; fileName: string }) => Promise<{ sizeBytes: number }>;
}

/** How often it is looked for finished segments. */
const LOOK_MS = 500;
/** Files that are stored side by side. */
const AT_ONCE = 4;
/** Segments of a stream that stay in the folder until it is known which is the last. */
const HELD_BACK = 2;
/** hls.js takes a last segment of up to a quarter of a second for played before it has loaded it, and never ends. */
const SHORTEST_LAST_SECONDS = 0.3;

/**
 * Measures and stores segments as they become ready, so that they neither wait for the last one nor fill the disk.
 * ffmpeg gives a segment its name once it is whole.
 */
export class SegmentIntake {
  readonly #options: IntakeOptions;
  readonly #looking: Repetition;
  readonly #failed = new AbortController();
  readonly #segments = new Map<string, Map<number, StoredSegment>>();

  constructor(options: IntakeOptions) {
    this.#options = options;
    for (const id of options.ids) this.#segments.set(id, new Map());
    this.#looking = repeat(LOOK_MS, () =>
      this.#take(HELD_BACK).catch((error: unknown) => this.#failed.abort(error)),
    );
  }

  /** Given when a segment could not be stored, with the error as its reason: to go on encoding is of no use. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** Ends the search. Always to be called. */
  async stop(): Promise<void> {
    await this.#looking.stop();
  }

  /**
   * Takes what is left after ffmpeg has ended.
   * @returns the streams in the order of their ids
   * @throws the reason of `failed`, or when a segment is missing
   */
  async finish(): Promise<Track[]> {
    await this.stop();
    this.#failed.signal.throwIfAborted();
    for (const id of this.#options.ids) await this.#joinShortLast(id);
    await this.#take(0);
    const tracks: Track[] = [];
    for (const id of this.#options.ids) tracks.push(await this.#track(id));
    return tracks;
  }

  /** @param heldBack segments at the end of each stream that are left for later */
  async #take(heldBack: number): Promise<void> {
    const ready: { id: string; number: number }[] = [];
    for (const id of this.#options.ids) {
      const waiting = await this.#waiting(id);
      const count = Math.max(0, waiting.length - heldBack);
      ready.push(...waiting.slice(0, count).map(number => ({ id, number })));
    }
    await concurrently(ready, { atOnce: AT_ONCE }, async ({ id, number }) => {
      this.#segments.get(id)?.set(number, await this.#store(id, number));
    });
  }

  /** Numbers of the segments that are whole and not stored yet. */
  async #waiting(id: string): Promise<number[]> {
    const names = new Set(await readdir(this.#options.folder));
    const { segment } = segmentFiles(id);
    const numbers: number[] = [];
    // They are begun in order: the first that is not there ends the search.
    for (let number = (this.#segments.get(id)?.size ?? 0) + 1; names.has(segment(number)); number += 1)
      numbers.push(number);
    return numbers;
  }

  /** Makes one segment of the last two, where the very last is next to nothing. */
  async #joinShortLast(id: string): Promise<void> {
    const { folder } = this.#options;
    const { init, segment } = segmentFiles(id);
    const [before, last] = (await this.#waiting(id)).slice(-2).map(number => join(folder, segment(number)));
    if (before === undefined || last === undefined) return;
    const file = await readFile(last);
    const { timescale } = readInitSegment(await readFile(join(folder, init)));
    if (readMediaSegment(file).duration / timescale >= SHORTEST_LAST_SECONDS) return;
    // What says of which type a segment is stands at its beginning alone.
    await appendFile(before, file.subarray(needBox(file, ['moof']).start));
    await rm(last);
  }

  async #store(id: string, number: number): Promise<StoredSegment> {
    const { folder, keep } = this.#options;
    const path = join(folder, segmentFiles(id).segment(number));
    const { start, duration, samples, fragments } = readMediaSegment(await readFile(path));
    const fileName = publishedSegment(number);
    const { sizeBytes } = await keep({ id, path, fileName });
    return { fileName, sizeBytes, start, duration, samples, fragments };
  }

  async #track(id: string): Promise<Track> {
    const { folder, keep } = this.#options;
    const path = join(folder, segmentFiles(id).init);
    const init = readInitSegment(await readFile(path));
    await keep({ id, path, fileName: PUBLISHED_INIT });
    await rm(join(folder, segmentFiles(id).manifest), { force: true });
    const segments = [...(this.#segments.get(id) ?? [])]
      .sort(([a], [b]) => a - b)
      .map(([, segment]) => segment);
    if (segments.length === 0) throw new Error(`No segment of ${id} was made`);
    return { folder: renditionFolder(id), init, segments };
  }
}
