import { noSuchKey, preconditionFailed, S3Error } from './errors';
import type { StoredVersion } from './stored-version';

/** `If-Match` and `If-None-Match` of a write. */
export interface WriteConditions {
  /** ETag that the current object must have. */
  ifMatch?: string;
  /** Only `*` is defined: the key must not exist. */
  ifNoneMatch?: string;
}

/** Throws what S3 answers where the current version of the key forbids the write. */
export function checkWrite(conditions: WriteConditions, current: StoredVersion | undefined): void {
  const object = current?.deleteMarker ? undefined : current;
  if (conditions.ifNoneMatch !== undefined && object) throw preconditionFailed('If-None-Match');
  if (conditions.ifMatch === undefined) return;
  if (!object) throw noSuchKey();
  if (!etagMatches(conditions.ifMatch, object.etag)) throw preconditionFailed('If-Match');
}

/** The conditions of a write from its headers. */
export function writeConditions(headers: Readonly<Record<string, string>>): WriteConditions {
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw new S3Error('NotImplemented', 'If-None-Match of a write must be *.');
  }
  return { ifMatch: headers['if-match'], ifNoneMatch };
}

/** Names of the four headers that make a read conditional; copies use others than GetObject. */
export interface ReadConditionNames {
  match: string;
  noneMatch: string;
  modifiedSince: string;
  unmodifiedSince: string;
}

export const GET_CONDITIONS: ReadConditionNames = {
  match: 'if-match',
  noneMatch: 'if-none-match',
  modifiedSince: 'if-modified-since',
  unmodifiedSince: 'if-unmodified-since',
};

export const COPY_CONDITIONS: ReadConditionNames = {
  match: 'x-amz-copy-source-if-match',
  noneMatch: 'x-amz-copy-source-if-none-match',
  modifiedSince: 'x-amz-copy-source-if-modified-since',
  unmodifiedSince: 'x-amz-copy-source-if-unmodified-since',
};

/** Throws where the object must not be read; answers whether the client's copy is still good. */
export function checkRead(input: {
  headers: Readonly<Record<string, string>>;
  names: ReadConditionNames;
  version: StoredVersion;
}): 'read' | 'not modified' {
  const { headers, names, version } = input;
  const [match, noneMatch] = [headers[names.match], headers[names.noneMatch]];
  // HTTP dates have no milliseconds.
  const modifiedSeconds = Math.floor(Date.parse(version.lastModified) / 1000);
  if (match !== undefined) {
    if (!etagMatches(match, version.etag)) throw preconditionFailed(names.match);
  } else if (modifiedSeconds > seconds(headers[names.unmodifiedSince], Infinity)) {
    throw preconditionFailed(names.unmodifiedSince);
  }
  if (noneMatch !== undefined) return etagMatches(noneMatch, version.etag) ? 'not modified' : 'read';
  return modifiedSeconds <= seconds(headers[names.modifiedSince], -Infinity) ? 'not modified' : 'read';
}

function seconds(date: string | undefined, fallback: number): number {
  const parsed = Date.parse(date ?? '');
  return Number.isNaN(parsed) ? fallback : Math.floor(parsed / 1000);
}

/** True where a list of ETags, quoted or not, or `*`, names this one. */
export function etagMatches(list: string, etag: string): boolean {
  return list.split(',').some(item => {
    const wanted = item
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
    return wanted === '*' || wanted === etag;
  });
}
