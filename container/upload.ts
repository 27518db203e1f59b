import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { MultipartUpload, OrderAccess } from '../core/order';
import type { OutputFacts } from '../core/report';
import { sendWithRetry } from './http-send';
import { sha256OfFile } from './sha256';
import { throwUnlessStored, UploadError } from './upload-error';

export interface UploadRequest {
  readonly path: string;
  readonly fileName: string;
  readonly contentType: string;
  /** Folder below the order's prefix. Absent: beside the ticket. */
  readonly deliveryId?: string;
  /** Asked before each request, so that renewed URLs are used at once. */
  readonly access: () => OrderAccess;
  readonly signal: AbortSignal;
  /** First pause between attempts in milliseconds. Default 500. */
  readonly firstPauseMs?: number;
}

export type StoredFile = Pick<OutputFacts, 'key' | 'sizeBytes' | 'sha256' | 'parts'>;

const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 500;

/**
 * Stores a finished file: by the signed POST, or in parts when it is too large for that.
 * @throws UploadError when S3 does not take it
 */
export async function uploadFile(request: UploadRequest): Promise<StoredFile> {
  const { size } = await stat(request.path);
  if (size === 0) throw new UploadError(`${request.fileName} is empty`, true);
  const limitBytes = uploadLimitBytes(request.access(), request.fileName);
  if (size > limitBytes) {
    throw new UploadError(
      `${request.fileName} has ${size} bytes; at most ${limitBytes} can be uploaded`,
      false,
    );
  }
  const { hex, base64 } = await sha256OfFile(request.path);
  const { postMaxBytes, multipart } = request.access();
  const parts = multipart[request.fileName];
  try {
    return size > postMaxBytes && parts !== undefined
      ? { sizeBytes: size, sha256: hex, key: parts.key, parts: await putParts(request, size) }
      : { sizeBytes: size, sha256: hex, key: await postForm(request, { size, sha256Base64: base64 }) };
  } catch (error) {
    if (error instanceof UploadError || request.signal.aborted) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    throw new UploadError(`${request.fileName} could not be uploaded: ${detail}`, true, { cause: error });
  }
}

/** Largest file, in bytes, that can be stored under this name. */
export function uploadLimitBytes(access: OrderAccess, fileName: string): number {
  const parts = access.multipart[fileName];
  return Math.max(access.postMaxBytes, parts === undefined ? 0 : parts.partSizeBytes * parts.partUrls.length);
}

async function postForm(
  request: UploadRequest,
  file: { readonly size: number; readonly sha256Base64: string },
): Promise<string> {
  let key = '';
  const answer = await sendWithRetry(() => {
    const { post, keyPrefix } = request.access();
    const folder = request.deliveryId === undefined ? '' : `${request.deliveryId}/`;
    key = `${keyPrefix}${folder}${request.fileName}`;
    const form = formAround(request.fileName, {
      ...post.fields,
      key,
      'Content-Type': request.contentType,
      'x-amz-checksum-sha256': file.sha256Base64,
    });
    return {
      method: 'POST',
      url: post.url,
      headers: {
        'content-type': `multipart/form-data; boundary=${form.boundary}`,
        // S3 takes no form of unknown length.
        'content-length': form.head.length + file.size + form.tail.length,
      },
      body: () => Readable.from(formBody(request.path, form)),
    };
  }, retryOf(request));
  throwUnlessStored(answer, request.fileName);
  return key;
}

interface Form {
  readonly boundary: string;
  readonly head: Buffer;
  readonly tail: Buffer;
}

function formAround(fileName: string, fields: Readonly<Record<string, string>>): Form {
  const boundary = `spotreel-${randomUUID()}`;
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  // S3 ignores every field after the file.
  const file = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  return {
    boundary,
    head: Buffer.from(`${parts.join('')}${file}`),
    tail: Buffer.from(`\r\n--${boundary}--\r\n`),
  };
}

async function* formBody(path: string, { head, tail }: Form): AsyncGenerator<Buffer> {
  yield head;
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) yield chunk as Buffer;
  yield tail;
}

async function putParts(request: UploadRequest, size: number): Promise<NonNullable<StoredFile['parts']>> {
  const parts: NonNullable<StoredFile['parts']> = [];
  const { partSizeBytes } = partsOf(request);
  for (let start = 0; start < size; start += partSizeBytes) {
    const end = Math.min(start + partSizeBytes, size);
    parts.push(await putPart(request, { partNumber: parts.length + 1, start, end }));
  }
  return parts;
}

async function putPart(
  request: UploadRequest,
  { partNumber, start, end }: { readonly partNumber: number; readonly start: number; readonly end: number },
): Promise<{ partNumber: number; etag: string }> {
  const answer = await sendWithRetry(() => {
    const url = partsOf(request).partUrls[partNumber - 1];
    if (url === undefined)
      throw new UploadError(`${request.fileName} has more parts than were signed`, false);
    return {
      method: 'PUT',
      url,
      headers: { 'content-length': end - start },
      body: () => createReadStream(request.path, { start, end: end - 1, highWaterMark: 256 * 1024 }),
    };
  }, retryOf(request));
  throwUnlessStored(answer, `part ${partNumber} of ${request.fileName}`);
  const { etag } = answer.headers;
  if (etag === undefined)
    throw new UploadError(`S3 gave no ETag for part ${partNumber} of ${request.fileName}`, true);
  return { partNumber, etag };
}

function partsOf(request: UploadRequest): MultipartUpload {
  const parts = request.access().multipart[request.fileName];
  if (parts === undefined) throw new UploadError(`No parts of ${request.fileName} are signed any more`, true);
  return parts;
}

function retryOf({ signal, firstPauseMs = FIRST_PAUSE_MS }: UploadRequest): {
  attempts: number;
  firstPauseMs: number;
  signal: AbortSignal;
} {
  return { attempts: ATTEMPTS, firstPauseMs, signal };
}
