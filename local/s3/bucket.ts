import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { BucketIndex } from './bucket-index';
import { checkWrite, type WriteConditions } from './conditions';
import type { ContentStore } from './content-store';
import { S3Error } from './errors';
import { eventRecord, type Creation } from './events';
import type { Outbox } from './outbox';
import { listRecords, readRecord, writeRecord } from './records';
import { newVersionId, sequencer, storedVersionSchema, type StoredVersion } from './stored-version';
import { UploadStore } from './upload-store';

export interface BucketOptions {
  /** As in the bucket's ARN. */
  name: string;
  /** True: overwriting and deleting keep the versions before. */
  versioned: boolean;
  /** True: each new object is an `ObjectCreated` event. */
  notifyObjectCreated: boolean;
}

/** What all buckets of a store share. */
export interface Shared {
  region: string;
  accountId: string;
  content: ContentStore;
  /** Absent: nobody listens. */
  outbox?: Outbox;
  now: () => Date;
  /** Greater at each call, across restarts. */
  nextSequence: () => number;
}

/** An object that is about to be: its content is written, and held by the caller. */
export type NewObject = Omit<StoredVersion, 'versionId' | 'sequence' | 'lastModified' | 'deleteMarker'>;

/** A conditional write from its first byte to its commit. */
export interface WriteGuard {
  readonly key: string;
  /** Set where the key was deleted meanwhile. */
  conflicted: boolean;
}

/** One bucket: its versions in memory and on disk, its uploads, its rules for overwriting and deleting. */
export class Bucket {
  readonly index = new BucketIndex();
  readonly uploads: UploadStore;
  options: BucketOptions;
  readonly createdAt: Date;
  readonly #shared: Shared;
  readonly #directory: string;
  readonly #guards = new Set<WriteGuard>();

  constructor(input: { directory: string; options: BucketOptions; createdAt: Date; shared: Shared }) {
    this.options = input.options;
    this.createdAt = input.createdAt;
    this.#shared = input.shared;
    this.#directory = join(input.directory, 'versions');
    this.uploads = new UploadStore(join(input.directory, 'uploads'), input.shared.content);
  }

  get name(): string {
    return this.options.name;
  }

  /** Reads all records from disk; returns the greatest sequence number among them. */
  load(): number {
    const versions = listRecords(this.#directory)
      .map(name => readRecord(join(this.#directory, name), storedVersionSchema))
      .sort((a, b) => b.sequence - a.sequence);
    // A process killed between writing a version and removing the one it replaces leaves both.
    const kept = new Map<string, StoredVersion>();
    for (const version of versions) {
      const identity = JSON.stringify([version.key, version.versionId]);
      if (kept.has(identity)) rmSync(this.#pathOf(version));
      else kept.set(identity, version);
    }
    this.index.load([...kept.values()]);
    for (const version of kept.values()) this.#shared.content.retain(version.segments);
    this.uploads.load(new Set([...kept.values()].flatMap(version => version.uploadId ?? [])));
    return versions[0]?.sequence ?? 0;
  }

  /** Watches a key for deletions, from before its content arrives. Give the guard to `commit`, then `unguard` it. */
  guard(key: string): WriteGuard {
    const guard = { key, conflicted: false };
    this.#guards.add(guard);
    return guard;
  }

  unguard(guard: WriteGuard): void {
    this.#guards.delete(guard);
  }

  /** Makes an object the current version of its key, if the conditions hold at this moment, and sends its event. */
  commit(input: {
    object: NewObject;
    conditions: WriteConditions;
    creation: Creation;
    guard?: WriteGuard;
  }): StoredVersion {
    const { object, conditions } = input;
    if (input.guard?.conflicted) {
      throw new S3Error(
        'ConditionalRequestConflict',
        'The conditional request cannot succeed due to a conflicting operation against this resource.',
      );
    }
    checkWrite(conditions, this.index.current(object.key));
    const version = { ...object, ...this.#stamp(), deleteMarker: false };
    const { content } = this.#shared;
    const event = this.#stageEvent(version, input.creation);
    content.retain(version.segments);
    try {
      this.#add(version);
    } catch (error) {
      content.release(version.segments);
      event?.cancel();
      throw error;
    }
    event?.commit();
    return version;
  }

  /** DeleteObject without a version: leaves a marker where versions are kept. */
  delete(key: string): StoredVersion | undefined {
    this.#conflict(key);
    const current = this.index.current(key);
    if (!this.options.versioned) {
      if (current) this.#remove(current);
      return undefined;
    }
    const nothing = { sizeBytes: 0, etag: '', segments: [], headers: {}, metadata: {} };
    const marker = { key, ...nothing, ...this.#stamp(), deleteMarker: true };
    this.#add(marker);
    return marker;
  }

  /** DeleteObject with a version; answers what was removed. */
  deleteVersion(key: string, versionId: string): StoredVersion | undefined {
    this.#conflict(key);
    const version = this.index.versions(key).find(candidate => candidate.versionId === versionId);
    if (version) this.#remove(version);
    return version;
  }

  #stamp(): { versionId: string; sequence: number; lastModified: string } {
    const sequence = this.#shared.nextSequence();
    return {
      versionId: this.options.versioned ? newVersionId(sequence) : 'null',
      sequence,
      lastModified: this.#shared.now().toISOString(),
    };
  }

  #stageEvent(version: StoredVersion, creation: Creation): ReturnType<Outbox['stage']> | undefined {
    const { outbox, region, accountId } = this.#shared;
    if (!outbox || !this.options.notifyObjectCreated) return undefined;
    return outbox.stage({
      subject: { bucket: this.name, key: version.key, sequence: version.sequence },
      record: eventRecord({ creation, version, bucket: this.name, region, accountId }),
    });
  }

  #add(version: StoredVersion): void {
    const replaced = this.index
      .versions(version.key)
      .find(candidate => candidate.versionId === version.versionId);
    writeRecord(this.#pathOf(version), version);
    this.index.add(version);
    if (replaced) this.#remove(replaced);
  }

  #remove(version: StoredVersion): void {
    rmSync(this.#pathOf(version));
    this.index.remove(version);
    this.#shared.content.release(version.segments);
  }

  #conflict(key: string): void {
    for (const guard of this.#guards) if (guard.key === key) guard.conflicted = true;
  }

  #pathOf(version: StoredVersion): string {
    return join(this.#directory, `${sequencer(version.sequence)}.json`);
  }
}
