import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { S3EventRecord } from './events';
import { listRecords, readRecord, writeRecord } from './records';

const FIRST_RETRY_MILLISECONDS = 200;
const LAST_RETRY_MILLISECONDS = 30_000;

/** Which version an event is about, to tell whether its write was ever committed. */
export interface EventSubject {
  bucket: string;
  key: string;
  sequence: number;
}

interface Entry {
  subject: EventSubject;
  record: S3EventRecord;
}

const entrySchema = z.object({
  subject: z.object({ bucket: z.string(), key: z.string(), sequence: z.number() }),
  record: z.custom<S3EventRecord>(value => typeof value === 'object' && value !== null),
});

/**
 * Events that nobody has taken yet, one file each. An event is staged before its object is
 * committed and removed after it was taken, so that a crash in between can repeat an event but
 * never lose one.
 */
export class Outbox {
  readonly #directory: string;
  readonly #take: (event: S3EventRecord) => Promise<void>;
  readonly #deliveries = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(directory: string, take: (event: S3EventRecord) => Promise<void>) {
    this.#directory = directory;
    this.#take = take;
  }

  /** Delivers what an earlier process left behind; drops events of writes that were not committed. */
  resume(committed: (subject: EventSubject) => boolean): void {
    for (const name of listRecords(this.#directory)) {
      const path = join(this.#directory, name);
      const entry = readRecord(path, entrySchema);
      if (committed(entry.subject)) this.#start(path, entry);
      else rmSync(path);
    }
  }

  /** Persists an event. Call `commit` once its object is durable, or `cancel`. */
  stage(entry: Entry): { commit: () => void; cancel: () => void } {
    const path = join(this.#directory, `${entry.subject.sequence}.json`);
    writeRecord(path, entry);
    return { commit: () => this.#start(path, entry), cancel: () => rmSync(path) };
  }

  /** Stops retrying; resolves when no delivery is under way. Undelivered events stay on disk. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#deliveries);
  }

  #start(path: string, entry: Entry): void {
    const delivery = this.#deliver(path, entry.record).finally(() => this.#deliveries.delete(delivery));
    this.#deliveries.add(delivery);
  }

  async #deliver(path: string, record: S3EventRecord): Promise<void> {
    let wait = FIRST_RETRY_MILLISECONDS;
    while (!this.#closing.signal.aborted) {
      try {
        await this.#take(record);
        rmSync(path);
        return;
      } catch {
        // S3 retries for hours and reports to nobody, either.
        await pause(wait, this.#closing.signal);
        wait = Math.min(2 * wait, LAST_RETRY_MILLISECONDS);
      }
    }
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>(resolve => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
