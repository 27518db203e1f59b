import { requireOnObject, type ObjectCall, type Reply } from '../call';
import type { Checksum } from '../checksums';
import type { ByteRange } from '../content-store';
import { invalidArgument, noSuchUpload, S3Error } from '../errors';
import { MAX_UPLOAD_BYTES, receive, type Received } from '../received';
import { receiveBody } from '../request-body';
import type { StoredVersion } from '../stored-version';
import type { Part, Upload } from '../upload-store';
import { renderXml } from '../xml';
import { checksumElements, findCopySource, sourceVersionHeader } from './copy-object';
import { findUpload } from './multipart';
import { checksumHeaders } from './put-object';

const MAX_PART_NUMBER = 10_000;

export async function uploadPart(call: ObjectCall): Promise<Reply> {
  requireOnObject(call, 's3:PutObject');
  const upload = findUpload(call);
  const partNumber = parsePartNumber(call);
  const received = await receiveBody(call, upload.checksumAlgorithm);
  const part = keep(call, { upload, partNumber, received });
  return { status: 200, headers: { ETag: `"${part.etag}"`, ...partChecksumHeaders(part.checksum) } };
}

export async function uploadPartCopy(call: ObjectCall): Promise<Reply> {
  requireOnObject(call, 's3:PutObject');
  const upload = findUpload(call);
  const partNumber = parsePartNumber(call);
  const source = findCopySource(call);
  const received = await receive({
    source: call.store.content.read(source.segments, copyRange(call, source)),
    content: call.store.content,
    expected: {
      checksum: upload.checksumAlgorithm && { algorithm: upload.checksumAlgorithm, value: () => undefined },
    },
  });
  const part = keep(call, { upload, partNumber, received });
  const body = renderXml('CopyPartResult', {
    LastModified: part.lastModified,
    ETag: `"${part.etag}"`,
    ...checksumElements(part.checksum),
    ChecksumType: undefined,
  });
  return { status: 200, headers: sourceVersionHeader(source), body };
}

function keep(call: ObjectCall, input: { upload: Upload; partNumber: number; received: Received }): Part {
  const { upload, partNumber, received } = input;
  try {
    const part: Part = {
      partNumber,
      etag: received.md5,
      sizeBytes: received.segment.sizeBytes,
      segment: received.segment,
      checksum: partChecksum(upload, received),
      lastModified: call.now().toISOString(),
    };
    if (!call.bucket.uploads.putPart(upload, part)) throw noSuchUpload();
    return part;
  } finally {
    call.store.content.release([received.segment]);
  }
}

function partChecksum(upload: Upload, received: Received): Checksum | undefined {
  const { checksum } = received;
  if (!checksum) return undefined;
  if (upload.checksumAlgorithm !== undefined && upload.checksumAlgorithm !== checksum.algorithm) {
    throw new S3Error(
      'InvalidRequest',
      `Checksum Type mismatch occurred, expected checksum Type: ${upload.checksumAlgorithm}, actual checksum Type: ${checksum.algorithm}`,
    );
  }
  return { ...checksum, type: 'FULL_OBJECT' };
}

function partChecksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  const { 'x-amz-checksum-type': _, ...headers } = checksumHeaders(checksum);
  return headers;
}

function parsePartNumber(call: ObjectCall): number {
  const text = call.query.get('partNumber') ?? '';
  const partNumber = Number(text);
  if (/^\d{1,5}$/.test(text) && partNumber >= 1 && partNumber <= MAX_PART_NUMBER) return partNumber;
  throw invalidArgument(`Part number must be an integer between 1 and ${MAX_PART_NUMBER}, inclusive`);
}

function copyRange(call: ObjectCall, source: StoredVersion): ByteRange {
  const header = call.headers['x-amz-copy-source-range'];
  const range = header === undefined ? { first: 0, last: source.sizeBytes - 1 } : parseExactRange(header);
  if (range.last >= source.sizeBytes) {
    throw invalidArgument(`Range specified is not valid for source object of size: ${source.sizeBytes}`);
  }
  if (range.last - range.first >= MAX_UPLOAD_BYTES) {
    throw new S3Error(
      'InvalidRequest',
      `The specified copy source is larger than ${MAX_UPLOAD_BYTES} bytes.`,
    );
  }
  return range;
}

function parseExactRange(header: string): ByteRange {
  const match = /^bytes=(\d+)-(\d+)$/.exec(header);
  const range = { first: Number(match?.[1]), last: Number(match?.[2]) };
  if (match && range.first <= range.last) return range;
  throw invalidArgument('The x-amz-copy-source-range value must be of the form bytes=first-last');
}
