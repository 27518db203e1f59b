import { requireOnBucket, requireOnObject, type BucketCall, type ObjectCall, type Reply } from '../call';
import { defaultChecksumType, isCrc, type ChecksumAlgorithm, type ChecksumType } from '../checksums';
import { parseDescription } from '../description';
import { invalidArgument, noSuchUpload } from '../errors';
import { page, parseListParameters } from '../listing';
import { requireAlgorithm } from '../request-body';
import type { Upload } from '../upload-store';
import { compareUtf8 } from '../utf8-order';
import { renderXml } from '../xml';
import { checksumElements } from './copy-object';

export function createMultipartUpload(call: ObjectCall): Reply {
  requireOnObject(call, 's3:PutObject');
  const description = parseDescription(call.headers);
  if (description.tags) requireOnObject(call, 's3:PutObjectTagging');
  const name = call.headers['x-amz-checksum-algorithm'];
  const checksumAlgorithm = name === undefined ? undefined : requireAlgorithm(name);
  const checksumType = checksumAlgorithm && parseChecksumType(call, checksumAlgorithm);
  const upload = call.bucket.uploads.create({
    key: call.key,
    ...description,
    initiated: call.now().toISOString(),
    initiatorArn: call.signed.key.principal.arn,
    checksumAlgorithm,
    checksumType,
  });
  return {
    status: 200,
    headers:
      checksumAlgorithm && checksumType
        ? { 'x-amz-checksum-algorithm': checksumAlgorithm, 'x-amz-checksum-type': checksumType }
        : {},
    body: renderXml('InitiateMultipartUploadResult', {
      Bucket: call.bucket.name,
      Key: call.key,
      UploadId: upload.uploadId,
    }),
  };
}

export function abortMultipartUpload(call: ObjectCall): Reply {
  requireOnObject(call, 's3:AbortMultipartUpload');
  call.bucket.uploads.remove(findUpload(call));
  return { status: 204 };
}

export function listParts(call: ObjectCall): Reply {
  requireOnObject(call, 's3:ListMultipartUploadParts');
  const upload = findUpload(call);
  const parameters = parseListParameters(call.query, 'max-parts');
  const marker = Number(call.query.get('part-number-marker') ?? '0');
  const parts = [...upload.parts.values()]
    .filter(part => part.partNumber > marker)
    .sort((a, b) => a.partNumber - b.partNumber);
  const { items, truncated } = page(parts, parameters.maxKeys);
  const body = renderXml('ListPartsResult', {
    Bucket: call.bucket.name,
    Key: parameters.encode(call.key),
    UploadId: upload.uploadId,
    PartNumberMarker: marker,
    NextPartNumberMarker: items.at(-1)?.partNumber ?? 0,
    MaxParts: parameters.maxKeys,
    IsTruncated: truncated,
    ChecksumAlgorithm: upload.checksumAlgorithm,
    ChecksumType: upload.checksumType,
    StorageClass: 'STANDARD',
    Part: items.map(part => ({
      PartNumber: part.partNumber,
      LastModified: part.lastModified,
      ETag: `"${part.etag}"`,
      Size: part.sizeBytes,
      ...checksumElements(part.checksum),
      ChecksumType: undefined,
    })),
  });
  return { status: 200, body };
}

/** ListMultipartUploads; of one key, in the order in which they were begun. */
export function listMultipartUploads(call: BucketCall): Reply {
  requireOnBucket(call, 's3:ListBucketMultipartUploads');
  const parameters = parseListParameters(call.query, 'max-uploads');
  const marker: [string, string] = [
    call.query.get('key-marker') ?? '',
    call.query.get('upload-id-marker') ?? '',
  ];
  const { items, truncated } = page(
    uploadsAfter(call, { prefix: parameters.prefix, marker }),
    parameters.maxKeys,
  );
  const last = items.at(-1);
  const body = renderXml('ListMultipartUploadsResult', {
    Bucket: call.bucket.name,
    Prefix: parameters.encode(parameters.prefix),
    KeyMarker: parameters.encode(marker[0]),
    UploadIdMarker: marker[1],
    NextKeyMarker: truncated && last ? parameters.encode(last.key) : undefined,
    NextUploadIdMarker: truncated ? last?.uploadId : undefined,
    MaxUploads: parameters.maxKeys,
    EncodingType: parameters.encodingType,
    IsTruncated: truncated,
    Upload: items.map(upload => ({
      Key: parameters.encode(upload.key),
      UploadId: upload.uploadId,
      Initiator: { ID: upload.initiatorArn },
      Owner: { ID: call.accountId },
      StorageClass: 'STANDARD',
      Initiated: upload.initiated,
      ChecksumAlgorithm: upload.checksumAlgorithm,
      ChecksumType: upload.checksumType,
    })),
  });
  return { status: 200, body };
}

/** The upload in parts that the query names; `NoSuchUpload` where it has ended or never was. */
export function findUpload(call: ObjectCall): Upload {
  const upload = call.bucket.uploads.find(call.query.get('uploadId') ?? '', call.key);
  if (!upload) throw noSuchUpload();
  return upload;
}

function uploadsAfter(call: BucketCall, input: { prefix: string; marker: [string, string] }): Upload[] {
  const sorted = call.bucket.uploads
    .list()
    .filter(upload => upload.key.startsWith(input.prefix))
    .sort((a, b) => compareUtf8(a.key, b.key) || compareUtf8(a.initiated, b.initiated));
  const [keyMarker, idMarker] = input.marker;
  const marked = sorted.findIndex(upload => upload.uploadId === idMarker);
  if (marked >= 0) return sorted.slice(marked + 1);
  return sorted.filter(upload => compareUtf8(upload.key, keyMarker) > 0);
}

function parseChecksumType(call: ObjectCall, algorithm: ChecksumAlgorithm): ChecksumType {
  const type = call.headers['x-amz-checksum-type'];
  if (type === undefined) return defaultChecksumType(algorithm);
  const possible = (['FULL_OBJECT', 'COMPOSITE'] as const).filter(candidate =>
    candidate === 'FULL_OBJECT' ? isCrc(algorithm) : algorithm !== 'CRC64NVME',
  );
  const found = possible.find(candidate => candidate === type);
  if (found) return found;
  throw invalidArgument(`x-amz-checksum-type of ${algorithm} must be ${possible.join(' or ')}, not ${type}.`);
}
