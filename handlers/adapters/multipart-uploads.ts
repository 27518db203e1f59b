import type { ListMultipartUploadsCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { AbortMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import type { UnfinishedUpload } from '../cloud';
import { isNotFound } from './s3-objects';

/** All uploads in parts of a bucket that were begun and neither completed nor aborted, those of every page. */
export async function* unfinishedUploads(
  s3: S3Client,
  bucket: string,
  prefix = '',
): AsyncIterable<UnfinishedUpload> {
  let page: ListMultipartUploadsCommandOutput | undefined;
  do {
    page = await s3.send(
      new ListMultipartUploadsCommand({
        Bucket: bucket,
        Prefix: prefix,
        KeyMarker: page?.NextKeyMarker,
        UploadIdMarker: page?.NextUploadIdMarker,
      }),
    );
    for (const { Key: key, UploadId: uploadId, Initiated: begunAt } of page.Uploads ?? [])
      if (key !== undefined && uploadId !== undefined && begunAt !== undefined)
        yield { bucket, key, uploadId, begunAt };
  } while (page.IsTruncated === true);
}

/** Ends an upload and removes the parts that are there. One that has ended meanwhile needs no ending. */
export async function abortUpload(
  s3: S3Client,
  { bucket, key, uploadId }: Pick<UnfinishedUpload, 'bucket' | 'key' | 'uploadId'>,
): Promise<void> {
  try {
    await s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId }));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
