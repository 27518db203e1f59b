import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { CHECKSUM_ALGORITHMS } from './checksums';

export const segmentSchema = z.object({ file: z.string(), sizeBytes: z.number() });

export const checksumSchema = z.object({
  algorithm: z.enum(CHECKSUM_ALGORITHMS),
  value: z.string(),
  type: z.enum(['FULL_OBJECT', 'COMPOSITE']),
});

/** What a client says about an object beside its bytes. */
export const descriptionSchema = z.object({
  /** Headers that come back with the object: `content-type`, `cache-control` and the like, lower case. */
  headers: z.record(z.string(), z.string()),
  /** User metadata by the name behind `x-amz-meta-`, lower case. */
  metadata: z.record(z.string(), z.string()),
  /** As in `x-amz-tagging`: an URL-encoded query. */
  tags: z.string().optional(),
});
export type Description = z.output<typeof descriptionSchema>;

export const storedVersionSchema = descriptionSchema.extend({
  key: z.string(),
  /** `null` (the word) where the bucket keeps no versions. */
  versionId: z.string(),
  /** Greater for each later write to the store; orders versions and notifications. */
  sequence: z.number(),
  /** ISO 8601 with milliseconds. */
  lastModified: z.string(),
  /** True for the marker that a deletion leaves in a versioned bucket; it has no content. */
  deleteMarker: z.boolean(),
  sizeBytes: z.number(),
  /** Without quotes. */
  etag: z.string(),
  segments: z.array(segmentSchema),
  checksum: checksumSchema.optional(),
  /** The upload in parts that made this version: a repeated CompleteMultipartUpload is answered from it. */
  uploadId: z.string().optional(),
});
export type StoredVersion = z.output<typeof storedVersionSchema>;

const SEQUENCER_DIGITS = 18;

/** A sequence number as hexadecimal digits of fixed length, so that text order is number order. */
export function sequencer(sequence: number): string {
  return sequence.toString(16).toUpperCase().padStart(SEQUENCER_DIGITS, '0');
}

/** A version id of 32 characters from which its place among the versions can be read. */
export function newVersionId(sequence: number): string {
  return sequencer(sequence).toLowerCase() + randomBytes(7).toString('hex');
}

/** The sequence number in a version id; 0 for `null` and for ids that were made elsewhere. */
export function sequenceOf(versionId: string): number {
  return parseInt(/^[0-9a-f]{32}$/.test(versionId) ? versionId.slice(0, SEQUENCER_DIGITS) : '0', 16);
}
