import type { IncomingMessage } from 'node:http';
import type { Signed } from '../sigv4';
import type { Principal } from '../types';
import type { Address } from './address';
import type { Bucket } from './bucket';
import { accessDenied, noSuchKey, S3Error } from './errors';
import type { Creation, ObjectCreated } from './events';
import type { Store } from './store';
import type { StoredVersion } from './stored-version';

/** One request whose signature holds, with all that an operation may need. */
export interface Call {
  readonly store: Store;
  readonly request: IncomingMessage;
  readonly requestId: string;
  readonly region: string;
  readonly accountId: string;
  readonly signed: Extract<Signed, { kind: 'signed' }>;
  readonly query: URLSearchParams;
  /** By lower-case name; of a presigned URL with its `x-amz-…` parameters, which are as good as headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** True where the policies let the caller do this. */
  allows(action: string, resource: string, context?: Record<string, string>): boolean;
  readonly now: () => Date;
}

export interface BucketCall extends Call {
  readonly bucket: Bucket;
}

export interface ObjectCall extends BucketCall {
  readonly key: string;
}

/** What is answered. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  /** Text is XML. */
  body?: string | AsyncIterable<Buffer>;
}

export function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

export function objectArn(bucket: string, key: string): string {
  return `${bucketArn(bucket)}/${key}`;
}

/** Throws `AccessDenied` unless the policies allow the action on the bucket. */
export function requireOnBucket(call: BucketCall, action: string, context?: Record<string, string>): void {
  if (!call.allows(action, bucketArn(call.bucket.name), context)) {
    throw denied(call.signed.key.principal, action);
  }
}

/** Throws `AccessDenied` unless the policies allow the action on the object. */
export function requireOnObject(call: ObjectCall, action: string): void {
  if (!call.allows(action, objectArn(call.bucket.name, call.key))) {
    throw denied(call.signed.key.principal, action);
  }
}

function denied(principal: Principal, action: string): S3Error {
  return accessDenied(`${principal.arn} is not authorized to perform: ${action}`);
}

/** The version that a read is about; throws what S3 answers where it can't be had. */
export function findVersion(call: ObjectCall, versionId: string | undefined): StoredVersion {
  const version =
    versionId === undefined
      ? call.bucket.index.current(call.key)
      : call.bucket.index.versions(call.key).find(candidate => candidate.versionId === versionId);
  if (version && !version.deleteMarker) return version;
  // Who may not list must not learn which keys exist.
  if (!call.allows('s3:ListBucket', bucketArn(call.bucket.name))) {
    throw denied(call.signed.key.principal, 's3:ListBucket');
  }
  if (!version) {
    if (versionId === undefined) throw noSuchKey();
    throw new S3Error('NoSuchVersion', 'The specified version does not exist.');
  }
  const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.versionId };
  if (versionId === undefined) {
    throw new S3Error('NoSuchKey', 'The specified key does not exist.', { headers });
  }
  throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against a delete marker.', {
    headers,
  });
}

/** `x-amz-version-id`, which only buckets that keep versions answer. */
export function versionHeader(version: StoredVersion): Record<string, string> {
  return version.versionId === 'null' ? {} : { 'x-amz-version-id': version.versionId };
}

/** Who makes an object by this call. */
export function creationBy(call: Call, eventName: ObjectCreated): Creation {
  return {
    eventName,
    principalArn: call.signed.key.principal.arn,
    sourceIp: call.request.socket.remoteAddress ?? '127.0.0.1',
    requestId: call.requestId,
  };
}

/**
 * Headers of a request, with those that a presigned URL carries in its query. Of these S3 ignores
 * checksums: the SDK signs that of an empty body into each URL, whatever is uploaded later.
 */
export function effectiveHeaders(
  request: IncomingMessage,
  signed: Extract<Signed, { kind: 'signed' }>,
  address: Address,
): Record<string, string> {
  const headers: Record<string, string> = {};
  if (signed.presigned) {
    for (const [name, value] of address.query) {
      if (/^x-amz-(?!checksum-|sdk-checksum-)/i.test(name)) headers[name.toLowerCase()] = value;
    }
  }
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return headers;
}
