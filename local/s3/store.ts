import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Bucket, type BucketOptions, type Shared } from './bucket';
import { ContentStore } from './content-store';
import { S3Error } from './errors';
import type { S3EventRecord } from './events';
import { Outbox } from './outbox';
import { readRecord, writeRecord } from './records';

const bucketSchema = z.object({
  name: z.string(),
  versioned: z.boolean(),
  notifyObjectCreated: z.boolean(),
  createdAt: z.iso.datetime(),
});

export interface StoreOptions {
  /** Made if absent; all state is below it. */
  directory: string;
  region: string;
  accountId: string;
  now: () => Date;
  onEvent?: (event: S3EventRecord) => Promise<void>;
}

/** All buckets in one directory. */
export class Store {
  readonly content: ContentStore;
  readonly #shared: Shared;
  readonly #directory: string;
  readonly #buckets = new Map<string, Bucket>();
  #lastSequence = 0;

  private constructor(options: StoreOptions) {
    this.#directory = join(options.directory, 'buckets');
    this.content = new ContentStore(join(options.directory, 'content'));
    const { onEvent, now } = options;
    this.#shared = {
      region: options.region,
      accountId: options.accountId,
      content: this.content,
      outbox: onEvent && new Outbox(join(options.directory, 'outbox'), onEvent),
      now,
      // Microseconds of the clock, or the next number where the clock stands or went back.
      nextSequence: () => (this.#lastSequence = Math.max(this.#lastSequence + 1, now().getTime() * 1000)),
    };
  }

  /** Loads what is there, removes what a killed process left unfinished, and delivers events still owed. */
  static async open(options: StoreOptions): Promise<Store> {
    const store = new Store(options);
    mkdirSync(store.#directory, { recursive: true });
    for (const name of readdirSync(store.#directory)) store.#load(name);
    await store.content.sweep();
    store.#shared.outbox?.resume(({ bucket, key, sequence }) =>
      Boolean(
        store.#buckets
          .get(bucket)
          ?.index.versions(key)
          .some(version => version.sequence === sequence),
      ),
    );
    return store;
  }

  /** Makes a bucket, or changes the options of the one that is there. */
  ensureBucket(options: BucketOptions): void {
    const directory = join(this.#directory, options.name);
    mkdirSync(directory, { recursive: true });
    const known = this.#buckets.get(options.name);
    const createdAt = known?.createdAt ?? this.#shared.now();
    writeRecord(join(directory, 'bucket.json'), { ...options, createdAt: createdAt.toISOString() });
    if (known) known.options = options;
    else this.#load(options.name);
  }

  /** The bucket of that name; `NoSuchBucket` where there is none. */
  bucket(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (!bucket) throw new S3Error('NoSuchBucket', `The specified bucket does not exist: ${name}`);
    return bucket;
  }

  /** By name. */
  buckets(): Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Resolves when nothing is being delivered or removed any more. */
  async close(): Promise<void> {
    await this.#shared.outbox?.close();
    await this.content.settle();
  }

  #load(name: string): void {
    const directory = join(this.#directory, name);
    const { createdAt, ...options } = readRecord(join(directory, 'bucket.json'), bucketSchema);
    const bucket = new Bucket({ directory, options, createdAt: new Date(createdAt), shared: this.#shared });
    this.#lastSequence = Math.max(this.#lastSequence, bucket.load());
    this.#buckets.set(name, bucket);
  }
}
