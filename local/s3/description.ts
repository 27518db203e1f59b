import type { Description, StoredVersion } from './stored-version';

const KEPT_HEADERS = [
  'content-type',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
];
const METADATA_PREFIX = 'x-amz-meta-';

/** What the headers of an upload, or the fields of a form, say about the object. */
export function parseDescription(headers: Readonly<Record<string, string>>): Description {
  const entries = Object.entries(headers);
  const kept = entries
    .filter(([name]) => KEPT_HEADERS.includes(name))
    .map(([name, value]) => [name, name === 'content-encoding' ? withoutAwsChunked(value) : value] as const)
    .filter(([, value]) => value !== '');
  const metadata = entries
    .filter(([name]) => name.startsWith(METADATA_PREFIX))
    .map(([name, value]) => [name.slice(METADATA_PREFIX.length), value] as const);
  const tags = headers['x-amz-tagging'];
  return {
    headers: { 'content-type': 'binary/octet-stream', ...Object.fromEntries(kept) },
    metadata: Object.fromEntries(metadata),
    ...(tags ? { tags } : {}),
  };
}

/** The headers that give the description back. */
export function descriptionHeaders(version: StoredVersion): Record<string, string> {
  const metadata = Object.entries(version.metadata).map(([name, value]) => [METADATA_PREFIX + name, value]);
  const tagCount = new URLSearchParams(version.tags ?? '').size;
  return {
    ...version.headers,
    ...(Object.fromEntries(metadata) as Record<string, string>),
    ...(tagCount > 0 ? { 'x-amz-tagging-count': String(tagCount) } : {}),
  };
}

/** aws-chunked is the framing of the upload, not an encoding of the object. */
function withoutAwsChunked(encoding: string): string {
  return encoding
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== 'aws-chunked')
    .join(',');
}
