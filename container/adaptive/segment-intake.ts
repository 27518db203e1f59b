import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  publishedSegment,
  PUBLISHED_INIT,
  renditionFolder,
  segmentFiles,
} from '../../core/adaptive/packaging';
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
    this.#looking = repeat(LOOK_MS, () => this.#take().catch((error: unknown) => this.#failed.abort(error)));
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
    await this.#take();
    const tracks: Track[] = [];
    for (const id of this.#options.ids) tracks.push(await this.#track(id));
    return tracks;
  }

  async #take(): Promise<void> {
    const names = new Set(await readdir(this.#options.folder));
    const ready: { id: string; number: number }[] = [];
    for (const [id, segments] of this.#segments) {
      const { segment } = segmentFiles(id);
      // They are begun in order: the first that is not there ends the search.
      for (let number = segments.size + 1; names.has(segment(number)); number += 1)
        ready.push({ id, number });
    }
    await concurrently(ready, { atOnce: AT_ONCE }, async ({ id, number }) => {
      this.#segments.get(id)?.set(number, await this.#store(id, number));
    });
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
