import type { HeadObjectCommandOutput, ListObjectVersionsCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { HeadObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { manifestKey } from '../../core/upload-key';
import type { Inbox } from '../cloud';
import { isNotFound, s3Objects } from './s3-objects';

export function s3Inbox(s3: S3Client, bucket: string): Inbox {
  const objects = s3Objects(s3, bucket);
  const newest = async (key: string) => {
    try {
      return uploadFacts(await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key })));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
  return {
    bucket,
    video: newest,
    manifest: videoKey => newest(manifestKey(videoKey)),
    async manifestText(videoKey, versionId) {
      const found = await objects.text(manifestKey(videoKey), { versionId });
      if (found === undefined)
        throw new Error(`${manifestKey(videoKey)} was deleted while it was being read`);
      return found.body;
    },
    keys: prefix => objects.keys({ prefix }),
    head: (key, { versionId, bytes }) => objects.bytes(key, { versionId, range: `bytes=0-${bytes - 1}` }),
    async *list() {
      let marker: { key?: string; versionId?: string } | undefined = {};
      while (marker !== undefined) {
        const page: ListObjectVersionsCommandOutput = await s3.send(
          new ListObjectVersionsCommand({
            Bucket: bucket,
            KeyMarker: marker.key,
            VersionIdMarker: marker.versionId,
          }),
        );
        for (const { Key, VersionId, LastModified, IsLatest } of page.Versions ?? []) {
          if (IsLatest === true && Key !== undefined && LastModified !== undefined) {
            yield { key: Key, versionId: VersionId ?? 'null', uploadedAt: LastModified };
          }
        }
        marker =
          page.IsTruncated === true
            ? {
                ...(page.NextKeyMarker === undefined ? {} : { key: page.NextKeyMarker }),
                ...(page.NextVersionIdMarker === undefined ? {} : { versionId: page.NextVersionIdMarker }),
              }
            : undefined;
      }
    },
  };
}

function uploadFacts(head: HeadObjectCommandOutput) {
  return {
    // Objects from before versioning was switched on have the version "null".
    versionId: head.VersionId ?? 'null',
    etag: head.ETag ?? '',
    sizeBytes: head.ContentLength ?? 0,
    uploadedAt: head.LastModified ?? new Date(0),
    metadata: head.Metadata ?? {},
  };
}
