import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CHECKSUM_ALGORITHMS } from './checksums';
import type { ContentStore } from './content-store';
import { listRecords, readRecord, writeRecord } from './records';
import { checksumSchema, descriptionSchema, segmentSchema } from './stored-version';

const partSchema = z.object({
  partNumber: z.number(),
  /** Hexadecimal MD5. */
  etag: z.string(),
  sizeBytes: z.number(),
  segment: segmentSchema,
  checksum: checksumSchema.optional(),
  /** ISO 8601 with milliseconds. */
  lastModified: z.string(),
});
export type Part = z.output<typeof partSchema>;

const uploadSchema = descriptionSchema.extend({
  uploadId: z.string(),
  key: z.string(),
  /** ISO 8601 with milliseconds. */
  initiated: z.string(),
  initiatorArn: z.string(),
  /** What the parts and the whole are checked with; absent where the client asked for none. */
  checksumAlgorithm: z.enum(CHECKSUM_ALGORITHMS).optional(),
  checksumType: z.enum(['FULL_OBJECT', 'COMPOSITE']).optional(),
});
type UploadRecord = z.output<typeof uploadSchema>;

export interface Upload extends UploadRecord {
  readonly parts: Map<number, Part>;
}

/** Uploads in parts that are under way in one bucket: a directory for each, a record for each part. */
export class UploadStore {
  readonly #directory: string;
  readonly #content: ContentStore;
  readonly #uploads = new Map<string, Upload>();

  constructor(directory: string, content: ContentStore) {
    this.#directory = directory;
    this.#content = content;
  }

  /** Reads all uploads from disk; `completed` are those that became objects already and only need clearing away. */
  load(completed: ReadonlySet<string>): void {
    mkdirSync(this.#directory, { recursive: true });
    for (const uploadId of readdirSync(this.#directory)) {
      const directory = this.#pathOf(uploadId);
      const records = listRecords(directory);
      // Without its record an upload was never acknowledged, or was being removed.
      if (completed.has(uploadId) || !records.includes('upload.json')) {
        rmSync(directory, { recursive: true });
        continue;
      }
      const parts = records
        .filter(name => name !== 'upload.json')
        .map(name => readRecord(join(directory, name), partSchema));
      this.#content.retain(parts.map(part => part.segment));
      this.#uploads.set(uploadId, {
        ...readRecord(join(directory, 'upload.json'), uploadSchema),
        parts: new Map(parts.map(part => [part.partNumber, part])),
      });
    }
  }

  create(input: Omit<UploadRecord, 'uploadId'>): Upload {
    const record = { ...input, uploadId: randomBytes(24).toString('hex') };
    mkdirSync(this.#pathOf(record.uploadId));
    writeRecord(join(this.#pathOf(record.uploadId), 'upload.json'), record);
    const upload = { ...record, parts: new Map<number, Part>() };
    this.#uploads.set(record.uploadId, upload);
    return upload;
  }

  /** The upload with that id, if it is one of that key. */
  find(uploadId: string, key: string): Upload | undefined {
    const upload = this.#uploads.get(uploadId);
    return upload?.key === key ? upload : undefined;
  }

  list(): Upload[] {
    return [...this.#uploads.values()];
  }

  /** Stores a part in place of the one with that number. False where the upload has ended meanwhile. */
  putPart(upload: Upload, part: Part): boolean {
    if (this.#uploads.get(upload.uploadId) !== upload) return false;
    writeRecord(join(this.#pathOf(upload.uploadId), `${part.partNumber}.json`), part);
    this.#content.retain([part.segment]);
    const replaced = upload.parts.get(part.partNumber);
    upload.parts.set(part.partNumber, part);
    if (replaced) this.#content.release([replaced.segment]);
    return true;
  }

  /** Ends an upload; contents that no object has taken over go. */
  remove(upload: Upload): void {
    const directory = this.#pathOf(upload.uploadId);
    // First the record, so that a kill amid the removal leaves no upload that lacks parts.
    rmSync(join(directory, 'upload.json'));
    rmSync(directory, { recursive: true });
    this.#uploads.delete(upload.uploadId);
    this.#content.release([...upload.parts.values()].map(part => part.segment));
  }

  #pathOf(uploadId: string): string {
    return join(this.#directory, uploadId);
  }
}
