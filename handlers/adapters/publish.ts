import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { CompleteMultipartUploadCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import type { PublishResult } from '../../core/completion';
import type { JobRecord, PublishedOutput } from '../../core/job';
import type { OutputFacts } from '../../core/report';
import type { Copied, PublishOptions } from './copy-object';
import { copyOver } from './copy-object';
import { publishTree } from './publish-tree';
import { isNotFound } from './s3-objects';

/**
 * Copies what a worker stored to where users look, so that no URL that a worker holds can change what was published.
 * S3 computes the SHA-256 of each copy; it must be the one that the worker reported.
 * What belongs to a file is there before it.
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
    const published = await publishOne(options, job, facts);
    if (published.kind === 'superseded') return published;
    if (published.kind === 'refused')
      return { kind: 'refused', key: facts.key, reason: `output "${facts.name}": ${published.why}` };
    outputs.push(published.output);
  }
  return { kind: 'published', outputs };
}

function uploadIdOf({ orders }: JobRecord, key: string): string | undefined {
  return orders.flatMap(({ multipart }) => Object.values(multipart)).find(upload => upload.key === key)
    ?.uploadId;
}

type Published =
  { readonly kind: 'published'; readonly output: PublishedOutput } | Exclude<Copied, { kind: 'copied' }>;

async function publishOne(
  options: PublishOptions,
  job: JobRecord,
  facts: Omit<OutputFacts, 'parts'>,
): Promise<Published> {
  const { tree } = facts;
  const before = addedTo(job, facts)?.tree?.list;
  const published = tree && (await publishTree(options, job, { ...facts, tree, before }));
  if (published !== undefined && published.kind !== 'published') return published;
  const stored = await headStored(options, facts.key);
  if (stored === undefined) return { kind: 'refused', why: 'it is not in the state bucket' };
  if (stored.ContentLength !== facts.sizeBytes)
    return { kind: 'refused', why: `it has ${stored.ContentLength ?? 0} bytes, not ${facts.sizeBytes}` };
  const key = `${job.outputPrefix}/${facts.fileName}`;
  const copied = await copyOver(options, { jobId: job.jobId, facts, key, etag: stored.ETag });
  if (copied.kind !== 'copied') return copied;
  const output = {
    ...facts,
    ...(published === undefined ? {} : { tree: published.tree }),
    bucket: options.outboxBucket,
    key,
    ...(copied.versionId === undefined ? {} : { versionId: copied.versionId }),
  };
  return { kind: 'published', output };
}

/** What was published of a file before, by the job that this one adds to. */
function addedTo(
  { addsTo, outputs }: JobRecord,
  { fileName }: Pick<OutputFacts, 'fileName'>,
): PublishedOutput | undefined {
  return addsTo === undefined ? undefined : outputs.find(other => other.fileName === fileName);
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
