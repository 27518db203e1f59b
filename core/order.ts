import { z } from 'zod';
import { chunkSchema } from './chunk';
import { inputUseSchema } from './input-use';
import { presetSchema } from './preset';
import { taskSizeSchema } from './task-size';
import { workSchema } from './work';

const isoTime = z.iso.datetime();

/** One file that may grow past what a single POST carries (5 GB): its parts' URLs, signed beforehand. */
export const multipartUploadSchema = z.strictObject({
  key: z.string(),
  /** Bytes of each part but the last, at least 5 MiB. */
  partSizeBytes: z.int().min(5 * 1024 * 1024),
  /** Signed UploadPart URLs, part 1 first. */
  partUrls: z.array(z.url()).min(1).max(10_000),
});

/** Everything in an order that is signed and therefore ages; replaced as a whole when renewed. */
export const orderAccessSchema = z.strictObject({
  /** After this no URL of the order can be relied on. */
  expiresAt: isoTime,
  /** Signed GET of the pinned version of the source. */
  sourceUrl: z.url(),
  /** Signed GET of the order's ticket (see `ticketSchema`). */
  ticketUrl: z.url(),
  /** Signed POST for every key below `keyPrefix`. */
  post: z.strictObject({ url: z.url(), fields: z.record(z.string(), z.string()) }),
  /** Where results go: the worker adds `<deliveryId>/<file name>`. Ends with '/'. */
  keyPrefix: z.string(),
  /** Largest file that the POST takes, in bytes. */
  postMaxBytes: z.int().positive(),
  /** By file name of the output; only for sources so large that an output may exceed `postMaxBytes`. */
  multipart: z.record(z.string(), multipartUploadSchema),
});

/** A file that an order takes beside its source. Its URL stands in the ticket, where it does not weigh on the message. */
export const inputSchema = z.strictObject({
  /** What the ticket and the work know it by. */
  id: z.string(),
  /** For messages. */
  fileName: z.string(),
  /** What it is for; absent of what another order made. */
  use: inputUseSchema.optional(),
  sizeBytes: z.int().min(1),
  /** ETag of the version that is meant. */
  etag: z.string().optional(),
  /** SHA-256 of the whole file, hex; known of what a worker made. */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});

export const orderSchema = z.strictObject({
  schema: z.literal('spotreel.order/1'),
  jobId: z.string(),
  orderId: z.string(),
  /** Raised each time the order is issued anew; a delivery of an older one is stale and must not run. */
  generation: z.int().min(1),
  work: workSchema,
  issuedAt: isoTime,
  source: z.strictObject({
    /** File name of the upload, for messages. */
    fileName: z.string(),
    sizeBytes: z.int().min(1),
    etag: z.string(),
  }),
  /** Files that it takes beside the source; their URLs stand in the ticket. */
  inputs: z.array(inputSchema),
  /** All chunks of the source in their order, for the order that puts them together. */
  chunks: z.array(chunkSchema).optional(),
  outputs: presetSchema.shape.outputs,
  /** A smaller worker gives the order back. */
  needs: taskSizeSchema,
  limits: z.strictObject({
    /** Wall-clock seconds for the whole order. */
    wallClockSeconds: z.int().positive(),
    /** Seconds without any progress of ffmpeg after which it is taken for hung. */
    stallSeconds: z.int().positive(),
  }),
  access: orderAccessSchema,
});

/**
 * Object beside the results that says which generation of an order is wanted.
 * Absent: the order is over. A worker reads it before it starts, and again after it asked for renewal.
 */
export const ticketSchema = z.strictObject({
  schema: z.literal('spotreel.ticket/1'),
  generation: z.int().min(1),
  /** Fresh URLs, when a worker asked for them. */
  access: orderAccessSchema.optional(),
  /** Signed GETs of the order's inputs, by their id; as old as the ticket. */
  inputUrls: z.record(z.string(), z.url()),
});

export type Order = z.infer<typeof orderSchema>;
export type OrderAccess = z.infer<typeof orderAccessSchema>;
export type MultipartUpload = z.infer<typeof multipartUploadSchema>;
export type OrderInput = z.infer<typeof inputSchema>;
export type Ticket = z.infer<typeof ticketSchema>;

/** Largest object that one POST or PUT can carry on S3, in bytes. */
export const S3_SINGLE_UPLOAD_MAX_BYTES = 5 * 1024 ** 3;

/** Everything that workers store lies below this, by job and order. */
export const WORK_PREFIX = 'work/';

/** Key prefix of everything that is stored for a job. */
export const workOfJob = (jobId: string): string => `${WORK_PREFIX}${jobId}/`;

/** Key prefix of everything that workers store for an order. */
export function workPrefix(jobId: string, orderId: string): string {
  return `${workOfJob(jobId)}${orderId}/`;
}

export function ticketKey(jobId: string, orderId: string): string {
  return `${workPrefix(jobId, orderId)}ticket.json`;
}

/** Name of the report that a worker stores beside the ticket when an order has come to its end: what is done is seen in S3. */
export const RESULT_FILE_NAME = 'result.json';

export function resultKey(jobId: string, orderId: string): string {
  return `${workPrefix(jobId, orderId)}${RESULT_FILE_NAME}`;
}
