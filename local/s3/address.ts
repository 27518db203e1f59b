import type { IncomingMessage } from 'node:http';
import { S3Error } from './errors';

const MAX_KEY_BYTES = 1024;

/** What a request is about, read from its host and its URL. */
export interface Address {
  /** Absent for the service itself (ListBuckets). */
  bucket?: string;
  /** Absent for the bucket itself. */
  key?: string;
  query: URLSearchParams;
}

/**
 * Reads bucket and key from `/bucket/key` or, where the host is `bucket.localhost`, from `/key`.
 * The path is taken as it was sent: `..` and `//` are ordinary parts of a key.
 */
export function parseAddress(request: Pick<IncomingMessage, 'url' | 'headers'>): Address {
  const url = request.url ?? '/';
  const cut = url.indexOf('?');
  const path = decodePath((cut < 0 ? url : url.slice(0, cut)).replace(/^\//, ''));
  const query = new URLSearchParams(cut < 0 ? '' : url.slice(cut + 1));
  const hostBucket = bucketOfHost(request.headers.host ?? '');
  if (hostBucket !== undefined) return withKey({ bucket: hostBucket, query }, path);
  if (path === '') return { query };
  const slash = path.indexOf('/');
  const bucket = slash < 0 ? path : path.slice(0, slash);
  return withKey({ bucket, query }, slash < 0 ? '' : path.slice(slash + 1));
}

/** Throws `KeyTooLongError` for keys that S3 does not take. */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
    throw new S3Error('KeyTooLongError', `Your key is too long: at most ${MAX_KEY_BYTES} bytes of UTF-8.`);
  }
}

function withKey(address: Address, key: string): Address {
  if (key === '') return address;
  checkKey(key);
  return { ...address, key };
}

function bucketOfHost(host: string): string | undefined {
  return /^([a-z0-9][a-z0-9.-]*)\.localhost(:\d+)?$/i.exec(host)?.[1];
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.", { cause: error });
  }
}
