import type { S3Client } from '@aws-sdk/client-s3';
import { CreateMultipartUploadCommand, GetObjectCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { JobRecord, OrderState } from '../../core/job';
import { keepsResults } from '../../core/control';
import { mediaBytes, needsMultipart } from '../../core/make-order';
import type { MultipartUpload } from '../../core/order';
import { inputsOf } from '../../core/order-inputs';
import { resultKey, ticketKey, workOfJob, workPrefix } from '../../core/order';
import { outputFileName } from '../../core/preset';
import { parseJson } from '../../core/problem';
import { reportSchema } from '../../core/report';
import type { Settings } from '../../core/settings';
import type { WorkObjects } from '../cloud';
import { abortUpload, unfinishedUploads } from './multipart-uploads';
import { publishResults } from './publish';
import { s3Objects } from './s3-objects';

/** 10,000 parts at most, the S3 limit, make 640 GiB of 64 MiB parts; an order's URLs must fit into one message of 1 MiB. */
const PART_BYTES = 64 * 1024 ** 2;
const SMALLEST_PART_BYTES = 5 * 1024 ** 2;
/** Parts that are signed for each file: the URLs of them are about 2 KB each. */
const MOST_PARTS = 200;

export interface WorkOptions {
  readonly s3: S3Client;
  /** The same account and endpoint, but without checksums of bodies that are not known when a URL is signed. */
  readonly signer: S3Client;
  readonly inboxBucket: string;
  readonly outboxBucket: string;
  readonly stateBucket: string;
  readonly settings: Settings;
  readonly now: () => Date;
}

export function s3Work(options: WorkOptions): WorkObjects {
  const { s3, signer, inboxBucket, outboxBucket, stateBucket, settings, now } = options;
  const state = s3Objects(s3, stateBucket);
  const expiresIn = settings.urlSeconds;
  const signedGet = (bucket: string, key: string, versionId?: string): Promise<string> =>
    getSignedUrl(signer, new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }), {
      expiresIn,
    });

  const beginMultipart = async (job: JobRecord, order: OrderState): Promise<OrderState['multipart']> => {
    // A chunk makes a minute of picture or so.
    if (order.work.kind === 'encode-chunk' || !needsMultipart(mediaBytes(job), postMaxBytes(settings)))
      return {};
    const begun: OrderState['multipart'] = {};
    for (const output of job.preset?.content.outputs ?? []) {
      if (output.kind !== 'video' && output.kind !== 'audio') continue;
      const fileName = outputFileName(output);
      const key = `${workPrefix(job.jobId, order.orderId)}generation-${order.generation}/${fileName}`;
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: stateBucket, Key: key }));
      if (UploadId === undefined) throw new Error(`S3 began no multipart upload of ${key}`);
      begun[fileName] = { key, uploadId: UploadId };
    }
    return begun;
  };

  const signParts = async (
    multipart: OrderState['multipart'],
    sourceBytes: number,
  ): Promise<Record<string, MultipartUpload>> => {
    const signed: Record<string, MultipartUpload> = {};
    const partSizeBytes = partBytes(sourceBytes, settings);
    for (const [fileName, { key, uploadId }] of Object.entries(multipart)) {
      const partUrls = await Promise.all(
        Array.from({ length: MOST_PARTS }, (_, index) =>
          getSignedUrl(
            signer,
            new UploadPartCommand({
              Bucket: stateBucket,
              Key: key,
              UploadId: uploadId,
              PartNumber: index + 1,
            }),
            { expiresIn },
          ),
        ),
      );
      signed[fileName] = { key, partSizeBytes, partUrls };
    }
    return signed;
  };

  return {
    async grant(job, order) {
      if (job.source === undefined) throw new Error(`Job ${job.jobId} has no source`);
      const expiresAt = new Date(now().getTime() + expiresIn * 1000).toISOString();
      const keyPrefix = workPrefix(job.jobId, order.orderId);
      const multipart =
        Object.keys(order.multipart).length > 0 ? order.multipart : await beginMultipart(job, order);
      const post = await createPresignedPost(signer, {
        Bucket: stateBucket,
        Key: `${keyPrefix}\${filename}`,
        Expires: expiresIn,
        Fields: { 'x-amz-checksum-algorithm': 'SHA256' },
        Conditions: [
          ['content-length-range', 1, postMaxBytes(settings)],
          ['starts-with', '$Content-Type', ''],
          ['starts-with', '$x-amz-checksum-sha256', ''],
        ],
      });
      const access = {
        expiresAt,
        sourceUrl: await signedGet(inboxBucket, job.videoKey, job.source.versionId),
        ticketUrl: await signedGet(stateBucket, ticketKey(job.jobId, order.orderId)),
        post,
        keyPrefix,
        postMaxBytes: postMaxBytes(settings),
        multipart: await signParts(multipart, mediaBytes(job)),
      };
      const inputUrls: Record<string, string> = {};
      for (const { input, location } of inputsOf(job, order)) {
        const bucket = { inbox: inboxBucket, state: stateBucket, outbox: outboxBucket }[location.bucket];
        inputUrls[input.id] = await signedGet(bucket, location.key, location.versionId);
      }
      return { access, multipart, inputUrls };
    },
    async writeTicket({ jobId, orderId, ticket }) {
      await state.putJson(ticketKey(jobId, orderId), ticket);
    },
    closeOrder: ({ jobId, orderId }) => state.remove(ticketKey(jobId, orderId)),
    async result({ jobId, orderId }) {
      const found = await state.text(resultKey(jobId, orderId));
      // Whoever holds a URL of the order can have stored anything there.
      const parsed = found === undefined ? undefined : parseJson(found.body, reportSchema);
      return parsed?.kind === 'ok' && parsed.value.kind !== 'idle' ? parsed.value : undefined;
    },
    async lacking(files) {
      // Uploads in parts are completed, and thereby checked, when they are published.
      const stored = files.filter(({ parts }) => parts === undefined);
      const sizes = await Promise.all(stored.map(async ({ key }) => (await state.facts(key))?.sizeBytes));
      const at = stored.findIndex(({ sizeBytes }, index) => sizes[index] !== sizeBytes);
      const file = stored[at];
      return file && `${file.fileName} has ${sizes[at] ?? 'no'} bytes in S3, not ${file.sizeBytes}`;
    },
    publish: job => publishResults({ s3, stateBucket, outboxBucket }, job),
    async clear(job) {
      const prefix = workOfJob(job.jobId);
      if (job.source !== undefined && needsMultipart(mediaBytes(job), postMaxBytes(settings))) {
        for await (const upload of unfinishedUploads(s3, stateBucket, prefix)) await abortUpload(s3, upload);
      }
      if (keepsResults(job)) {
        for (const { orderId } of job.orders) await state.remove(ticketKey(job.jobId, orderId));
        return;
      }
      await state.removeAll(prefix);
      if (job.retryOf !== undefined) await state.removeAll(workOfJob(job.retryOf));
    },
  };
}

function postMaxBytes(settings: Settings): number {
  return settings.singleUploadMaxMiB * 1024 ** 2;
}

/** Parts large enough that those that are signed hold an output four times the size of its source. */
function partBytes(sourceBytes: number, settings: Settings): number {
  const wanted = Math.ceil((sourceBytes * 4) / MOST_PARTS);
  const smallest = settings.singleUploadMaxMiB < 5120 ? SMALLEST_PART_BYTES : PART_BYTES;
  return Math.min(Math.max(wanted, smallest), postMaxBytes(settings));
}
