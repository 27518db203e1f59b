import { requireOnBucket, type BucketCall, type Reply } from '../call';
import { invalidArgument } from '../errors';
import { page, parseListParameters, walk, type ListedKey, type ListParameters } from '../listing';
import { renderXml, type XmlValue } from '../xml';

/** ListObjectsV2. */
export function listObjectsV2(call: BucketCall): Reply {
  const parameters = requireList(call);
  const token = call.query.get('continuation-token') ?? undefined;
  const startAfter = call.query.get('start-after') ?? undefined;
  const after = token === undefined ? (startAfter ?? '') : parseToken(token);
  const { items, truncated } = list(call, parameters, after);
  const last = items.at(-1);
  const withOwner = call.query.get('fetch-owner') === 'true';
  const body = renderXml('ListBucketResult', {
    ...common(call, parameters, truncated),
    StartAfter: startAfter === undefined ? undefined : parameters.encode(startAfter),
    ContinuationToken: token,
    NextContinuationToken: truncated && last ? Buffer.from(last.name).toString('base64') : undefined,
    KeyCount: items.length,
    ...entries(call, { items, parameters, withOwner }),
  });
  return { status: 200, body };
}

/** ListObjects, the first version, for clients that still use it. */
export function listObjectsV1(call: BucketCall): Reply {
  const parameters = requireList(call);
  const marker = call.query.get('marker') ?? '';
  const { items, truncated } = list(call, parameters, marker);
  const last = items.at(-1);
  const nextMarker = truncated && last && parameters.delimiter !== '' ? last.name : undefined;
  const body = renderXml('ListBucketResult', {
    ...common(call, parameters, truncated),
    Marker: parameters.encode(marker),
    NextMarker: nextMarker === undefined ? undefined : parameters.encode(nextMarker),
    ...entries(call, { items, parameters, withOwner: true }),
  });
  return { status: 200, body };
}

function requireList(call: BucketCall): ListParameters {
  const parameters = parseListParameters(call.query, 'max-keys');
  requireOnBucket(call, 's3:ListBucket', {
    's3:prefix': parameters.prefix,
    's3:delimiter': parameters.delimiter,
  });
  return parameters;
}

function list(
  call: BucketCall,
  parameters: ListParameters,
  after: string,
): { items: ListedKey[]; truncated: boolean } {
  const { index } = call.bucket;
  const visible = (key: string): boolean => index.current(key)?.deleteMarker === false;
  return page(walk(index, { ...parameters, after, visible }), parameters.maxKeys);
}

function common(call: BucketCall, parameters: ListParameters, truncated: boolean): Record<string, XmlValue> {
  return {
    Name: call.bucket.name,
    Prefix: parameters.encode(parameters.prefix),
    Delimiter: parameters.delimiter === '' ? undefined : parameters.encode(parameters.delimiter),
    MaxKeys: parameters.maxKeys,
    EncodingType: parameters.encodingType,
    IsTruncated: truncated,
  };
}

function entries(
  call: BucketCall,
  input: { items: ListedKey[]; parameters: ListParameters; withOwner: boolean },
): Record<string, XmlValue> {
  const { encode } = input.parameters;
  const owner = { ID: call.accountId, DisplayName: call.accountId };
  const contents = input.items.flatMap(item => {
    const version = item.kind === 'key' ? call.bucket.index.current(item.name) : undefined;
    if (!version) return [];
    return {
      Key: encode(version.key),
      LastModified: version.lastModified,
      ETag: `"${version.etag}"`,
      ChecksumAlgorithm: version.checksum?.algorithm,
      ChecksumType: version.checksum?.type,
      Size: version.sizeBytes,
      Owner: input.withOwner ? owner : undefined,
      StorageClass: 'STANDARD',
    };
  });
  const prefixes = input.items.filter(item => item.kind === 'prefix');
  return { Contents: contents, CommonPrefixes: prefixes.map(({ name }) => ({ Prefix: encode(name) })) };
}

function parseToken(token: string): string {
  const name = Buffer.from(token, 'base64').toString('utf8');
  if (Buffer.from(name).toString('base64') === token) return name;
  throw invalidArgument('The continuation token provided is incorrect');
}
