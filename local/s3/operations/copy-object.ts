import { checkKey } from '../address';
import {
  creationBy,
  findVersion,
  requireOnObject,
  versionHeader,
  type ObjectCall,
  type Reply,
} from '../call';
import { checksumElement, createDigest, type Checksum, type ChecksumAlgorithm } from '../checksums';
import { checkRead, COPY_CONDITIONS, writeConditions } from '../conditions';
import { parseDescription } from '../description';
import { invalidArgument, preconditionFailed, S3Error } from '../errors';
import { MAX_UPLOAD_BYTES } from '../received';
import { requireAlgorithm } from '../request-body';
import type { Store } from '../store';
import type { StoredVersion } from '../stored-version';
import { renderXml } from '../xml';

/** CopyObject. The copy shares the source's content on disk, whatever its size. */
export async function copyObject(call: ObjectCall): Promise<Reply> {
  requireOnObject(call, 's3:PutObject');
  const source = findCopySource(call);
  if (source.sizeBytes > MAX_UPLOAD_BYTES) {
    throw new S3Error(
      'InvalidRequest',
      `The specified copy source is larger than ${MAX_UPLOAD_BYTES} bytes: copy it in parts.`,
    );
  }
  const replace = call.headers['x-amz-metadata-directive']?.toUpperCase() === 'REPLACE';
  const replaceTags = call.headers['x-amz-tagging-directive']?.toUpperCase() === 'REPLACE';
  refuseCopyOntoItself(call, source, replace);
  const { tags, ...described } = parseDescription(call.headers);
  const { headers, metadata } = replace ? described : source;
  // Held while its checksum is computed: the source may be deleted meanwhile.
  call.store.content.retain(source.segments);
  try {
    const version = call.bucket.commit({
      object: {
        key: call.key,
        headers,
        metadata,
        tags: replaceTags ? tags : source.tags,
        sizeBytes: source.sizeBytes,
        etag: await copiedEtag(call.store, source),
        segments: source.segments,
        checksum: await copiedChecksum(call, source),
      },
      conditions: writeConditions(call.headers),
      creation: creationBy(call, 'ObjectCreated:Copy'),
    });
    const body = renderXml('CopyObjectResult', {
      LastModified: version.lastModified,
      ETag: `"${version.etag}"`,
      ...checksumElements(version.checksum),
    });
    return { status: 200, headers: { ...versionHeader(version), ...sourceVersionHeader(source) }, body };
  } finally {
    call.store.content.release(source.segments);
  }
}

/** The object that `x-amz-copy-source` names, if the caller may read it and the copy's conditions hold. */
export function findCopySource(call: ObjectCall): StoredVersion {
  const { bucket, key, versionId } = parseCopySource(call.headers['x-amz-copy-source'] ?? '');
  const from = { ...call, bucket: call.store.bucket(bucket), key };
  requireOnObject(from, versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion');
  const version = findVersion(from, versionId);
  if (checkRead({ headers: call.headers, names: COPY_CONDITIONS, version }) === 'not modified') {
    throw preconditionFailed('x-amz-copy-source-if-none-match or x-amz-copy-source-if-modified-since');
  }
  return version;
}

export function sourceVersionHeader(source: StoredVersion): Record<string, string> {
  return source.versionId === 'null' ? {} : { 'x-amz-copy-source-version-id': source.versionId };
}

/** The elements in which documents give a checksum. */
export function checksumElements(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {};
  return { [checksumElement(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type };
}

function parseCopySource(header: string): { bucket: string; key: string; versionId?: string } {
  const [, path = '', versionId] = /^\/?([^?]*)(?:\?versionId=(.+))?$/.exec(header) ?? [];
  const slash = path.search(/\/|%2F/i);
  if (slash < 1) {
    throw invalidArgument('Copy Source must mention the source bucket and key: sourcebucket/sourcekey');
  }
  try {
    const key = decodeURIComponent(path.slice(slash)).slice(1);
    checkKey(key);
    return { bucket: path.slice(0, slash), key, versionId: versionId && decodeURIComponent(versionId) };
  } catch (error) {
    if (error instanceof S3Error) throw error;
    throw invalidArgument(`Copy Source can't be decoded: ${header}`);
  }
}

function refuseCopyOntoItself(call: ObjectCall, source: StoredVersion, replace: boolean): void {
  if (replace || call.bucket.index.current(call.key) !== source) return;
  throw new S3Error(
    'InvalidRequest',
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata.",
  );
}

/** A copy is one whole: the ETag of an upload in parts becomes a plain MD5. */
async function copiedEtag(store: Store, source: StoredVersion): Promise<string> {
  if (!source.etag.includes('-')) return source.etag;
  return (await digestOf(store, source, 'MD5')).toString('hex');
}

async function copiedChecksum(call: ObjectCall, source: StoredVersion): Promise<Checksum | undefined> {
  const wanted = call.headers['x-amz-checksum-algorithm'];
  const { checksum } = source;
  const algorithm = wanted === undefined ? checksum?.algorithm : requireAlgorithm(wanted);
  if (!algorithm) return undefined;
  if (checksum?.algorithm === algorithm && checksum.type === 'FULL_OBJECT') return checksum;
  const value = (await digestOf(call.store, source, algorithm)).toString('base64');
  return { algorithm, value, type: 'FULL_OBJECT' };
}

async function digestOf(
  store: Store,
  source: StoredVersion,
  algorithm: ChecksumAlgorithm | 'MD5',
): Promise<Buffer> {
  const digest = createDigest(algorithm);
  const whole = { first: 0, last: source.sizeBytes - 1 };
  for await (const chunk of store.content.read(source.segments, whole)) digest.update(chunk);
  return digest.digest();
}
