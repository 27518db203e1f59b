import type { HeadObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { PublishResult } from '../../core/completion';
import type { JobRecord, PublishedOutput } from '../../core/job';
import { S3_SINGLE_UPLOAD_MAX_BYTES } from '../../core/order';
import type { OutputFacts } from '../../core/report';
import { isNotFound } from './s3-objects';

export interface PublishOptions {
  readonly s3: S3Client;
  readonly stateBucket: string;
  readonly outboxBucket: string;
}

const COPY_PART_BYTES = 512 * 1024 ** 2;

/**
 * Copies what a worker stored to where users look, so that no URL that a worker holds can change what was published.
 * S3 computes the SHA-256 of each copy; it must be the one that the worker reported.
 */
export async function publishResults(options: PublishOptions, job: JobRecord): Promise<PublishResult> {
  const outputs: PublishedOutput[] = [];
  for (const { parts, ...facts } of job.results ?? []) {
    if (parts !== undefined)
      await completeUpload(options, {
        key: facts.key,
        parts,
        uploadId: uploadIdOf(job, facts.key),
      });
    const stored = await headStored(options, facts.key);
    if (stored === undefined) return refused(facts, 'it is not in the state bucket');
    if (stored.ContentLength !== facts.sizeBytes)
      return refused(facts, `it has ${stored.ContentLength ?? 0} bytes, not ${facts.sizeBytes}`);
    const key = `${job.outputPrefix}/${facts.fileName}`;
    const copied =
      facts.sizeBytes <= S3_SINGLE_UPLOAD_MAX_BYTES
        ? await copyWhole(options, { facts, key, etag: stored.ETag })
        : await copyInParts(options, { facts, key, etag: stored.ETag });
    if (copied.kind === 'refused') return copied;
    outputs.push({
      ...facts,
      bucket: options.outboxBucket,
      key,
      ...(copied.versionId === undefined ? {} : { versionId: copied.versionId }),
    });
  }
  return { kind: 'published', outputs };
}

function uploadIdOf({ orders }: JobRecord, key: string): string | undefined {
  return orders.flatMap(({ multipart }) => Object.values(multipart)).find(upload => upload.key === key)
    ?.uploadId;
}

type Copied =
  | { readonly kind: 'copied'; readonly versionId: string | undefined }
  | Extract<PublishResult, { kind: 'refused' }>;
type CopyJob = { facts: Omit<OutputFacts, 'parts'>; key: string; etag: string | undefined };

function refused(
  facts: { name: string; key: string },
  why: string,
): Extract<PublishResult, { kind: 'refused' }> {
  return { kind: 'refused', key: facts.key, reason: `output "${facts.name}": ${why}` };
}

async function headStored(
  { s3, stateBucket }: PublishOptions,
  key: string,
): Promise<HeadObjectCommandOutput | undefined> {
  try {
    return await s3.send(new HeadObjectCommand({ Bucket: stateBucket, Key: key }));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function completeUpload(
  { s3, stateBucket }: PublishOptions,
  upload: { key: string; uploadId: string | undefined; parts: NonNullable<OutputFacts['parts']> },
): Promise<void> {
  try {
    await s3.send(
      new CompleteMultipartUploadCommand({
        Bucket: stateBucket,
        Key: upload.key,
        UploadId: upload.uploadId,
        MultipartUpload: {
          Parts: upload.parts.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: etag })),
        },
      }),
    );
  } catch (error) {
    // Completed by an earlier call that did not live to say so: the object's size tells, checked next.
    if (!isNotFound(error)) throw error;
  }
}

async function copyWhole(
  { s3, stateBucket, outboxBucket }: PublishOptions,
  { facts, key, etag }: CopyJob,
): Promise<Copied> {
  const answer = await s3.send(
    new CopyObjectCommand({
      Bucket: outboxBucket,
      Key: key,
      CopySource: copySource(stateBucket, facts.key),
      CopySourceIfMatch: etag,
      MetadataDirective: 'REPLACE',
      ContentType: facts.contentType,
      ChecksumAlgorithm: 'SHA256',
    }),
  );
  const sha256 = Buffer.from(answer.CopyObjectResult?.ChecksumSHA256 ?? '', 'base64').toString('hex');
  return sha256 === facts.sha256
    ? { kind: 'copied', versionId: answer.VersionId }
    : refused(facts, `its SHA-256 is ${sha256}, not ${facts.sha256}`);
}

/** Beyond 5 GB a copy has no SHA-256 of the whole; its parts' ETags were checked when the upload was completed. */
async function copyInParts(
  { s3, stateBucket, outboxBucket }: PublishOptions,
  { facts, key, etag }: CopyJob,
): Promise<Copied> {
  const target = { Bucket: outboxBucket, Key: key };
  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({ ...target, ContentType: facts.contentType }),
  );
  const parts: { PartNumber: number; ETag: string | undefined }[] = [];
  for (let first = 0; first < facts.sizeBytes; first += COPY_PART_BYTES) {
    const last = Math.min(first + COPY_PART_BYTES, facts.sizeBytes) - 1;
    const PartNumber = parts.length + 1;
    const { CopyPartResult } = await s3.send(
      new UploadPartCopyCommand({
        ...target,
        UploadId,
        PartNumber,
        CopySource: copySource(stateBucket, facts.key),
        CopySourceIfMatch: etag,
        CopySourceRange: `bytes=${first}-${last}`,
      }),
    );
    parts.push({ PartNumber, ETag: CopyPartResult?.ETag });
  }
  const { VersionId } = await s3.send(
    new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts: parts } }),
  );
  return { kind: 'copied', versionId: VersionId };
}

function copySource(bucket: string, key: string): string {
  return `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
}
