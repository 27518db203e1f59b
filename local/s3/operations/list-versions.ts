import { requireOnBucket, type BucketCall, type Reply } from '../call';
import { invalidArgument } from '../errors';
import { page, parseListParameters, walk, type ListParameters } from '../listing';
import { sequenceOf, type StoredVersion } from '../stored-version';
import { renderXml, type XmlValue } from '../xml';

type Item = { kind: 'version'; version: StoredVersion; latest: boolean } | { kind: 'prefix'; name: string };

/** ListObjectVersions: keys in order, of each its newest version first. */
export function listObjectVersions(call: BucketCall): Reply {
  const parameters = parseListParameters(call.query, 'max-keys');
  requireOnBucket(call, 's3:ListBucketVersions', {
    's3:prefix': parameters.prefix,
    's3:delimiter': parameters.delimiter,
  });
  const keyMarker = call.query.get('key-marker') ?? '';
  const versionIdMarker = call.query.get('version-id-marker') ?? '';
  if (versionIdMarker !== '' && keyMarker === '') {
    throw invalidArgument('A version-id marker cannot be specified without a key marker.');
  }
  const all = items(call, { parameters, keyMarker, versionIdMarker });
  const { items: listed, truncated } = page(all, parameters.maxKeys);
  const { encode } = parameters;
  const body = renderXml('ListVersionsResult', {
    Name: call.bucket.name,
    Prefix: encode(parameters.prefix),
    Delimiter: parameters.delimiter === '' ? undefined : encode(parameters.delimiter),
    KeyMarker: encode(keyMarker),
    VersionIdMarker: versionIdMarker,
    MaxKeys: parameters.maxKeys,
    EncodingType: parameters.encodingType,
    IsTruncated: truncated,
    ...(truncated ? nextMarkers(listed.at(-1), parameters) : {}),
    Version: elements(call, { listed, parameters, deleteMarker: false }),
    DeleteMarker: elements(call, { listed, parameters, deleteMarker: true }),
    CommonPrefixes: listed.flatMap(item => (item.kind === 'prefix' ? { Prefix: encode(item.name) } : [])),
  });
  return { status: 200, body };
}

function* items(
  call: BucketCall,
  input: { parameters: ListParameters; keyMarker: string; versionIdMarker: string },
): Generator<Item> {
  const { index } = call.bucket;
  const { keyMarker, versionIdMarker, parameters } = input;
  if (versionIdMarker !== '') yield* olderThan(index.versions(keyMarker), versionIdMarker);
  const keys = walk(index, { ...parameters, after: keyMarker, visible: () => true });
  for (const { kind, name } of keys) {
    if (kind === 'prefix') yield { kind, name };
    else yield* index.versions(name).map((version, i) => versionItem(version, i === 0));
  }
}

/** The marked version itself may be gone: clients delete page by page. */
function olderThan(versions: readonly StoredVersion[], versionId: string): Item[] {
  const marked = versions.find(version => version.versionId === versionId);
  const sequence = marked?.sequence ?? sequenceOf(versionId);
  const latest = versions[0];
  return versions
    .filter(version => version.sequence < sequence)
    .map(version => versionItem(version, version === latest));
}

function versionItem(version: StoredVersion, latest: boolean): Item {
  return { kind: 'version', version, latest };
}

function nextMarkers(last: Item | undefined, parameters: ListParameters): Record<string, XmlValue> {
  if (last?.kind === 'prefix') return { NextKeyMarker: parameters.encode(last.name) };
  const version = last?.version;
  return version
    ? { NextKeyMarker: parameters.encode(version.key), NextVersionIdMarker: version.versionId }
    : {};
}

function elements(
  call: BucketCall,
  input: { listed: Item[]; parameters: ListParameters; deleteMarker: boolean },
): XmlValue[] {
  return input.listed.flatMap(item => {
    if (item.kind !== 'version' || item.version.deleteMarker !== input.deleteMarker) return [];
    const { version, latest } = item;
    return {
      Key: input.parameters.encode(version.key),
      VersionId: version.versionId,
      IsLatest: latest,
      LastModified: version.lastModified,
      ...(version.deleteMarker
        ? {}
        : { ETag: `"${version.etag}"`, Size: version.sizeBytes, StorageClass: 'STANDARD' }),
      Owner: { ID: call.accountId, DisplayName: call.accountId },
    };
  });
}
