import type { S3Client } from '@aws-sdk/client-s3';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { cacheControl } from '../../core/cache-control';
import { concurrently } from '../../core/concurrently';
import { S3_SINGLE_UPLOAD_MAX_BYTES } from '../../core/order';
import type { OutputFacts } from '../../core/report';
import type { Condition, Standing } from '../publish-over';
import { publishOver } from '../publish-over';
import { isConditionFailed, isNotFound } from './s3-objects';

export interface PublishOptions {
  readonly s3: S3Client;
  readonly stateBucket: string;
  readonly outboxBucket: string;
}

/** Metadata of what is published: the job that it is of. */
const JOB_METADATA = 'spotreel-job';

export interface CopyJob {
  readonly jobId: string;
  /** What is copied, and what it must be. */
  readonly facts: Pick<OutputFacts, 'key' | 'fileName' | 'contentType' | 'sizeBytes' | 'sha256'>;
  /** Where to. */
  readonly key: string;
  /** Of the object that is meant; undefined where the SHA-256 tells all. */
  readonly etag: string | undefined;
}

interface Copy {
  readonly versionId: string | undefined;
  /** SHA-256 that S3 found, hex; undefined of a copy in parts. */
  readonly sha256: string | undefined;
}

export type Copied =
  | { readonly kind: 'copied'; readonly versionId: string | undefined }
  | { readonly kind: 'refused'; readonly why: string }
  /** What a later job has published lies there. */
  | { readonly kind: 'superseded'; readonly byJobId: string };

const COPY_PART_BYTES = 512 * 1024 ** 2;
/** Parts of one copy that are under way at a time. */
const PARTS_AT_ONCE = 10;

/**
 * Copies a file to where users look, over what an earlier job left there and over nothing of a later one.
 * @throws when there is nothing to copy
 */
export async function copyOver(options: PublishOptions, job: CopyJob): Promise<Copied> {
  const { facts } = job;
  const isLarge = facts.sizeBytes > S3_SINGLE_UPLOAD_MAX_BYTES;
  const copy = isLarge ? copyInParts : copyWhole;
  const published = await publishOver<Copy>(job.jobId, {
    isCostly: isLarge,
    write: condition => copy(options, job, condition),
    look: () => look(options, job),
  });
  if (published.kind === 'superseded') return published;
  const { versionId, sha256 = facts.sha256 } = published.value;
  return sha256 === facts.sha256
    ? { kind: 'copied', versionId }
    : { kind: 'refused', why: `its SHA-256 is ${sha256}, not ${facts.sha256}` };
}

async function look(
  { s3, outboxBucket }: PublishOptions,
  { facts, key }: CopyJob,
): Promise<(Standing & { written?: Copy }) | undefined> {
  try {
    const head = await s3.send(
      new HeadObjectCommand({ Bucket: outboxBucket, Key: key, ChecksumMode: 'ENABLED' }),
    );
    const sha256 = toHex(head.ChecksumSHA256);
    const isThere =
      facts.sizeBytes <= S3_SINGLE_UPLOAD_MAX_BYTES
        ? sha256 === facts.sha256
        : head.ContentLength === facts.sizeBytes;
    return {
      etag: head.ETag ?? '',
      jobId: head.Metadata?.[JOB_METADATA],
      ...(isThere ? { written: { versionId: head.VersionId, sha256: facts.sha256 } } : {}),
    };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function copyWhole(
  { s3, stateBucket, outboxBucket }: PublishOptions,
  job: CopyJob,
  condition: Condition,
): Promise<Copy | undefined> {
  const answer = await unlessChanged(condition, () =>
    s3.send(
      new CopyObjectCommand({
        Bucket: outboxBucket,
        Key: job.key,
        CopySource: copySource(stateBucket, job.facts.key),
        CopySourceIfMatch: job.etag,
        MetadataDirective: 'REPLACE',
        ...headersOf(job),
        ...headersOfCondition(condition),
        ChecksumAlgorithm: 'SHA256',
      }),
    ),
  );
  return (
    answer && {
      versionId: answer.VersionId,
      sha256: toHex(answer.CopyObjectResult?.ChecksumSHA256) ?? 'none',
    }
  );
}

/** Beyond 5 GB a copy has no SHA-256 of the whole; its parts' ETags were checked when the upload was completed. */
async function copyInParts(
  { s3, stateBucket, outboxBucket }: PublishOptions,
  job: CopyJob,
  condition: Condition,
): Promise<Copy | undefined> {
  const target = { Bucket: outboxBucket, Key: job.key };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...target, ...headersOf(job) }));
  const { sizeBytes } = job.facts;
  const count = Math.ceil(sizeBytes / COPY_PART_BYTES);
  const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
  await concurrently([...Array(count).keys()], { atOnce: PARTS_AT_ONCE }, async index => {
    const first = index * COPY_PART_BYTES;
    const last = Math.min(first + COPY_PART_BYTES, sizeBytes) - 1;
    const { CopyPartResult } = await s3.send(
      new UploadPartCopyCommand({
        ...{ ...target, UploadId, PartNumber: index + 1 },
        CopySource: copySource(stateBucket, job.facts.key),
        CopySourceIfMatch: job.etag,
        CopySourceRange: `bytes=${first}-${last}`,
      }),
    );
    Parts[index] = { PartNumber: index + 1, ETag: CopyPartResult?.ETag };
  });
  const answer = await unlessChanged(condition, () =>
    s3.send(
      new CompleteMultipartUploadCommand({
        ...{ ...target, UploadId, MultipartUpload: { Parts } },
        ...headersOfCondition(condition),
      }),
    ),
  );
  return answer && { versionId: answer.VersionId, sha256: undefined };
}

/** Undefined when the condition of a write does not hold. */
async function unlessChanged<T>(condition: Condition, write: () => Promise<T>): Promise<T | undefined> {
  try {
    return await write();
  } catch (error) {
    // Where something is to be replaced, it may have been removed meanwhile; else it is the source that is missing.
    if (isConditionFailed(error) && !('ifNoneMatch' in condition && isNotFound(error))) return undefined;
    throw error;
  }
}

function headersOfCondition(condition: Condition): { IfMatch: string } | { IfNoneMatch: string } {
  return 'ifMatch' in condition ? { IfMatch: condition.ifMatch } : { IfNoneMatch: condition.ifNoneMatch };
}

function headersOf({ jobId, facts }: CopyJob): {
  ContentType: string;
  CacheControl?: string;
  Metadata: Record<string, string>;
} {
  const cache = cacheControl(facts.fileName);
  return {
    ContentType: facts.contentType,
    ...(cache === undefined ? {} : { CacheControl: cache }),
    Metadata: { [JOB_METADATA]: jobId },
  };
}

function toHex(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('hex');
}

function copySource(bucket: string, key: string): string {
  return `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
}
