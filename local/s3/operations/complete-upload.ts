import { createHash } from 'node:crypto';
import { creationBy, requireOnObject, versionHeader, type ObjectCall, type Reply } from '../call';
import {
  CHECKSUM_ALGORITHMS,
  checksumElement,
  combineCrcs,
  compositeChecksum,
  type Checksum,
} from '../checksums';
import { writeConditions } from '../conditions';
import { noSuchUpload, S3Error } from '../errors';
import { checksumsIn, readDocument } from '../request-body';
import type { StoredVersion } from '../stored-version';
import type { Part, Upload } from '../upload-store';
import { childrenOf, malformedXml, parseXml, renderXml, textOf } from '../xml';
import { checksumElements } from './copy-object';

const MIN_PART_BYTES = 5 * 1024 * 1024;
const MAX_OBJECT_BYTES = 5 * 1024 ** 4;

/** CompleteMultipartUpload: the parts become one object, without being copied. */
export async function completeMultipartUpload(call: ObjectCall): Promise<Reply> {
  requireOnObject(call, 's3:PutObject');
  const uploadId = call.query.get('uploadId') ?? '';
  const wanted = parseParts(await readDocument(call));
  const upload = call.bucket.uploads.find(uploadId, call.key);
  if (!upload) return repeated(call, uploadId);
  const parts = wanted.map(part => matchingPart(upload, part));
  const segments = parts.map(part => part.segment);
  // Held while the checksum is computed: a part may be replaced, or the upload end, meanwhile.
  call.store.content.retain(segments);
  try {
    return await assemble(call, upload, parts);
  } finally {
    call.store.content.release(segments);
  }
}

async function assemble(call: ObjectCall, upload: Upload, parts: Part[]): Promise<Reply> {
  const { uploadId, headers, metadata, tags } = upload;
  const sizeBytes = checkSizes(parts);
  const checksum = await checksumOfParts(upload, parts);
  checkDeclared(call, { checksum, sizeBytes });
  if (!call.bucket.uploads.find(uploadId, call.key)) return repeated(call, uploadId);
  const version = call.bucket.commit({
    object: {
      key: call.key,
      headers,
      metadata,
      tags,
      sizeBytes,
      etag: etagOfParts(parts),
      segments: parts.map(part => part.segment),
      checksum,
      uploadId,
    },
    conditions: writeConditions(call.headers),
    creation: creationBy(call, 'ObjectCreated:CompleteMultipartUpload'),
  });
  call.bucket.uploads.remove(upload);
  return completed(call, version);
}

/** A client that lost the answer asks again; it gets the same answer while the object is there. */
function repeated(call: ObjectCall, uploadId: string): Reply {
  const version = call.bucket.index.versions(call.key).find(candidate => candidate.uploadId === uploadId);
  if (!version) throw noSuchUpload();
  return completed(call, version);
}

function completed(call: ObjectCall, version: StoredVersion): Reply {
  const body = renderXml('CompleteMultipartUploadResult', {
    Location: `http://${call.headers['host'] ?? 'localhost'}/${call.bucket.name}/${encodeURI(call.key)}`,
    Bucket: call.bucket.name,
    Key: call.key,
    ETag: `"${version.etag}"`,
    ...checksumElements(version.checksum),
  });
  return { status: 200, headers: versionHeader(version), body };
}

interface WantedPart {
  partNumber: number;
  etag: string;
  checksums: Record<string, string>;
}

function parseParts(document: string): WantedPart[] {
  const root = parseXml(document, 'CompleteMultipartUpload');
  const parts = childrenOf(root, 'Part').map(child => {
    const partNumber = Number(textOf(child, 'PartNumber'));
    const etag = textOf(child, 'ETag')?.trim().replaceAll('"', '');
    if (!Number.isInteger(partNumber) || etag === undefined) {
      throw malformedXml('Each Part must have a PartNumber and an ETag.');
    }
    const checksums = CHECKSUM_ALGORITHMS.flatMap(algorithm => {
      const value = textOf(child, checksumElement(algorithm));
      return value === undefined ? [] : [[algorithm, value] as const];
    });
    return { partNumber, etag, checksums: Object.fromEntries(checksums) };
  });
  if (parts.length === 0) throw malformedXml('You must specify at least one part');
  const disordered = parts.some((part, i) => part.partNumber <= (parts[i - 1]?.partNumber ?? 0));
  if (!disordered) return parts;
  throw new S3Error(
    'InvalidPartOrder',
    'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
  );
}

function matchingPart(upload: Upload, wanted: WantedPart): Part {
  const part = upload.parts.get(wanted.partNumber);
  const given = part?.checksum && wanted.checksums[part.checksum.algorithm];
  if (part && part.etag === wanted.etag && (given === undefined || given === part.checksum?.value)) {
    return part;
  }
  throw new S3Error(
    'InvalidPart',
    `One or more of the specified parts could not be found: part ${wanted.partNumber} may not have been uploaded, or its entity tag or checksum may not match.`,
  );
}

function checkSizes(parts: Part[]): number {
  const small = parts.slice(0, -1).find(part => part.sizeBytes < MIN_PART_BYTES);
  if (small) {
    throw new S3Error(
      'EntityTooSmall',
      `Your proposed upload is smaller than the minimum allowed size: part ${small.partNumber} has ${small.sizeBytes} bytes, and only the last may have less than ${MIN_PART_BYTES}.`,
    );
  }
  const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  if (sizeBytes <= MAX_OBJECT_BYTES) return sizeBytes;
  throw new S3Error(
    'EntityTooLarge',
    `Your proposed upload exceeds the maximum allowed size of ${MAX_OBJECT_BYTES} bytes`,
  );
}

function etagOfParts(parts: Part[]): string {
  const hash = createHash('md5');
  for (const part of parts) hash.update(Buffer.from(part.etag, 'hex'));
  return `${hash.digest('hex')}-${parts.length}`;
}

async function checksumOfParts(upload: Upload, parts: Part[]): Promise<Checksum | undefined> {
  const { checksumAlgorithm: algorithm, checksumType: type } = upload;
  if (!algorithm || !type) return undefined;
  const values = parts.flatMap(part => part.checksum?.value ?? []);
  const value =
    type === 'COMPOSITE'
      ? await compositeChecksum(algorithm, values)
      : combineCrcs(
          algorithm,
          parts.map((part, i) => ({ value: values[i] ?? '', sizeBytes: part.sizeBytes })),
        );
  return { algorithm, value, type };
}

/** Holds the result against what the client says the whole object is. */
function checkDeclared(
  call: ObjectCall,
  actual: { checksum: Checksum | undefined; sizeBytes: number },
): void {
  const size = call.headers['x-amz-mp-object-size'];
  if (size !== undefined && Number(size) !== actual.sizeBytes) {
    throw new S3Error(
      'InvalidRequest',
      `x-amz-mp-object-size is ${size}, and the parts have ${actual.sizeBytes} bytes.`,
    );
  }
  for (const { algorithm, value } of checksumsIn(call.headers)) {
    if (actual.checksum?.algorithm === algorithm && sameChecksum(value, actual.checksum.value)) continue;
    throw new S3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  }
}

/** Of a composite, clients may leave out the number of parts. */
function sameChecksum(given: string, actual: string): boolean {
  return given === actual || given === actual.replace(/-\d+$/, '');
}
