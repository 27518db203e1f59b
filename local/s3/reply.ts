import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Reply } from './call';
import { S3Error } from './errors';
import { renderError } from './xml';

const MAX_DRAINED_BYTES = 1024 ** 3;
const EXPOSED_HEADERS = [
  'ETag',
  'Content-Length',
  'Content-Range',
  'Location',
  'x-amz-request-id',
  'x-amz-version-id',
  'x-amz-delete-marker',
].join(', ');

/** Answers the question that a browser asks before it uploads from a page of another origin. */
export function sendPreflight(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, HEAD, PUT, POST, DELETE',
    'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
    'access-control-expose-headers': EXPOSED_HEADERS,
    'access-control-max-age': '3000',
    'content-length': '0',
  });
  response.end();
}

/** Sends a reply, a streamed body at the pace of the reader. */
export async function sendReply(input: {
  request: IncomingMessage;
  response: ServerResponse;
  requestId: string;
  reply: Reply;
}): Promise<void> {
  const { response, reply } = input;
  const bodiless = input.request.method === 'HEAD' || reply.status === 304 || reply.status === 204;
  const headers = { ...commonHeaders(input.requestId), ...reply.headers };
  if (typeof reply.body === 'string' || reply.body === undefined) {
    const text = reply.body ?? '';
    const type = text === '' ? {} : { 'content-type': 'application/xml' };
    const length = bodiless ? {} : { 'content-length': String(Buffer.byteLength(text)) };
    response.writeHead(reply.status, { ...headers, ...type, ...length });
    response.end(bodiless ? undefined : text);
    return;
  }
  response.writeHead(reply.status, headers);
  await pipeline(Readable.from(reply.body, { objectMode: false }), response);
}

/** Answers with an error document, or breaks the connection off where the answer had begun. */
export function sendError(input: {
  request: IncomingMessage;
  response: ServerResponse;
  requestId: string;
  resource: string;
  error: unknown;
}): void {
  const { response } = input;
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const error = input.error instanceof S3Error ? input.error : internalError(input.error);
  const text = renderError({
    Code: error.code,
    Message: error.message,
    Resource: input.resource,
    RequestId: input.requestId,
  });
  const bodiless = input.request.method === 'HEAD';
  response.writeHead(error.status, {
    ...commonHeaders(input.requestId),
    ...error.headers,
    'content-type': 'application/xml',
    ...(bodiless ? {} : { 'content-length': String(Buffer.byteLength(text)) }),
    ...(announcesMoreThanDrained(input.request) ? { connection: 'close' } : {}),
  });
  response.end(bodiless ? undefined : text);
  // Node does this only for requests of which nothing was read; a half-read one would block its connection.
  input.request.resume();
}

/** What a refused client still sends is read and thrown away, so that it sees the answer; gigabytes are not. */
function announcesMoreThanDrained(request: IncomingMessage): boolean {
  return Number(request.headers['content-length'] ?? 0) > MAX_DRAINED_BYTES;
}

function commonHeaders(requestId: string): Record<string, string> {
  return {
    server: 'AmazonS3',
    'x-amz-request-id': requestId,
    'x-amz-id-2': requestId,
    'access-control-allow-origin': '*',
    'access-control-expose-headers': EXPOSED_HEADERS,
  };
}

function internalError(cause: unknown): S3Error {
  return new S3Error('InternalError', `We encountered an internal error: ${String(cause)}`, { cause });
}
