import { findVersion, requireOnObject, versionHeader, type ObjectCall, type Reply } from '../call';
import { checkRead, etagMatches, GET_CONDITIONS } from '../conditions';
import { descriptionHeaders } from '../description';
import { S3Error } from '../errors';
import { parseRange } from '../range';
import type { StoredVersion } from '../stored-version';
import { renderXml } from '../xml';
import { checksumHeaders } from './put-object';

/** Query parameters that replace a header of the answer. */
const OVERRIDES: Readonly<Record<string, string>> = {
  'response-content-type': 'content-type',
  'response-cache-control': 'cache-control',
  'response-content-disposition': 'content-disposition',
  'response-content-encoding': 'content-encoding',
  'response-content-language': 'content-language',
  'response-expires': 'expires',
};

/** GetObject, and HeadObject, which is the same without the body. */
export function getObject(call: ObjectCall): Reply {
  const versionId = call.query.get('versionId') ?? undefined;
  requireOnObject(call, versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion');
  const version = findVersion(call, versionId);
  const headers = replyHeaders(call, version);
  if (checkRead({ headers: call.headers, names: GET_CONDITIONS, version }) === 'not modified') {
    return { status: 304, headers };
  }
  const range = rangeOf(call, version);
  const { first, last } = range ?? { first: 0, last: version.sizeBytes - 1 };
  // Of a range there is no checksum: the one of the whole would not fit.
  const wantsChecksum = call.headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED' && !range;
  return {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      ...(wantsChecksum ? checksumHeaders(version.checksum) : {}),
      ...(range ? { 'content-range': `bytes ${first}-${last}/${version.sizeBytes}` } : {}),
      'content-length': String(last - first + 1),
    },
    body:
      call.request.method === 'HEAD' ? undefined : call.store.content.read(version.segments, { first, last }),
  };
}

export function getObjectTagging(call: ObjectCall): Reply {
  const versionId = call.query.get('versionId') ?? undefined;
  requireOnObject(call, versionId === undefined ? 's3:GetObjectTagging' : 's3:GetObjectVersionTagging');
  const version = findVersion(call, versionId);
  const Tag = [...new URLSearchParams(version.tags ?? '')].map(([Key, Value]) => ({ Key, Value }));
  return { status: 200, headers: versionHeader(version), body: renderXml('Tagging', { TagSet: { Tag } }) };
}

function replyHeaders(call: ObjectCall, version: StoredVersion): Record<string, string> {
  const overrides = Object.entries(OVERRIDES).flatMap(([parameter, header]) => {
    const value = call.query.get(parameter);
    return value === null ? [] : [[header, value] as const];
  });
  return {
    ...descriptionHeaders(version),
    ...(Object.fromEntries(overrides) as Record<string, string>),
    ETag: `"${version.etag}"`,
    'last-modified': new Date(version.lastModified).toUTCString(),
    'accept-ranges': 'bytes',
    ...versionHeader(version),
  };
}

function rangeOf(call: ObjectCall, version: StoredVersion): { first: number; last: number } | undefined {
  const header = call.headers['range'];
  const ifRange = call.headers['if-range'];
  if (header === undefined || (ifRange !== undefined && !etagMatches(ifRange, version.etag))) {
    return undefined;
  }
  const range = parseRange(header, version.sizeBytes);
  if (range !== 'unsatisfiable') return range;
  throw new S3Error('InvalidRange', 'The requested range is not satisfiable', {
    headers: { 'content-range': `bytes */${version.sizeBytes}` },
  });
}
