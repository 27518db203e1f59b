import type { S3Client } from '@aws-sdk/client-s3';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { cacheControl } from '../../core/cache-control';
import type { OutputFacts } from '../../core/report';

export interface PublishOptions {
  readonly s3: S3Client;
  readonly stateBucket: string;
  readonly outboxBucket: string;
}

export interface CopyJob {
  /** What is copied, and what it must be. */
  readonly facts: Pick<OutputFacts, 'key' | 'fileName' | 'contentType' | 'sizeBytes' | 'sha256'>;
  /** Where to. */
  readonly key: string;
  /** Of the object that is meant; undefined where the SHA-256 tells all. */
  readonly etag: string | undefined;
}

export type Copied =
  | { readonly kind: 'copied'; readonly versionId: string | undefined }
  | { readonly kind: 'refused'; readonly why: string };

const COPY_PART_BYTES = 512 * 1024 ** 2;

/** @throws when there is nothing to copy */
export async function copyWhole(
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
      ...headersOf(facts),
      ChecksumAlgorithm: 'SHA256',
    }),
  );
  const sha256 = Buffer.from(answer.CopyObjectResult?.ChecksumSHA256 ?? '', 'base64').toString('hex');
  return sha256 === facts.sha256
    ? { kind: 'copied', versionId: answer.VersionId }
    : { kind: 'refused', why: `its SHA-256 is ${sha256}, not ${facts.sha256}` };
}

/** Beyond 5 GB a copy has no SHA-256 of the whole; its parts' ETags were checked when the upload was completed. */
export async function copyInParts(
  { s3, stateBucket, outboxBucket }: PublishOptions,
  { facts, key, etag }: CopyJob,
): Promise<Copied> {
  const target = { Bucket: outboxBucket, Key: key };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...target, ...headersOf(facts) }));
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

function headersOf({ fileName, contentType }: CopyJob['facts']): {
  ContentType: string;
  CacheControl?: string;
} {
  const cache = cacheControl(fileName);
  return { ContentType: contentType, ...(cache === undefined ? {} : { CacheControl: cache }) };
}

function copySource(bucket: string, key: string): string {
  return `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
}
