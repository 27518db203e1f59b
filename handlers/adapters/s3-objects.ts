import type { ListObjectsV2CommandInput, ListObjectsV2CommandOutput, S3Client } from '@aws-sdk/client-s3';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';

const BEHIND_SLASH = '0';

/** What was removed. */
export interface Removed {
  readonly objects: number;
  readonly bytes: number;
}

/** Plain reading and writing of one bucket's small objects. */
export interface S3Objects {
  text(
    key: string,
    options?: { versionId?: string; range?: string },
  ): Promise<{ body: string; etag: string } | undefined>;
  /** What is known of an object without reading it. */
  facts(
    key: string,
  ): Promise<{ versionId: string; etag: string; sizeBytes: number; uploadedAt: Date } | undefined>;
  bytes(key: string, options: { versionId?: string; range?: string }): Promise<Uint8Array>;
  /** @returns the new ETag, or undefined when the condition does not hold */
  putJson(
    key: string,
    value: unknown,
    condition?: { ifMatch: string } | { ifNoneMatch: '*' },
  ): Promise<string | undefined>;
  /** @param condition under which alone it is removed */
  remove(key: string, condition?: { ifMatch: string }): Promise<void>;
  /** @param most objects at most. Default: all */
  removeAll(prefix: string, most?: number): Promise<Removed>;
  /** What follows the prefix up to the next slash, each once, in their order; those before `startAfter` and it left out. */
  folders(options: { prefix: string; startAfter?: string }): AsyncIterable<string>;
  keys(options: { prefix: string; startAfter?: string }): AsyncIterable<string>;
}

export function s3Objects(s3: S3Client, bucket: string): S3Objects {
  const get = (key: string, options: { versionId?: string; range?: string } = {}) =>
    s3.send(
      new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: options.versionId, Range: options.range }),
    );

  async function* pages(
    options: Pick<ListObjectsV2CommandInput, 'Prefix' | 'StartAfter' | 'Delimiter'>,
  ): AsyncIterable<ListObjectsV2CommandOutput> {
    let token: string | undefined;
    do {
      const page: ListObjectsV2CommandOutput = await s3.send(
        new ListObjectsV2Command({ Bucket: bucket, ...options, ContinuationToken: token }),
      );
      yield page;
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  const removeObjects = async (objects: { Key: string | undefined }[]): Promise<void> => {
    const { Errors = [] } = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } }),
    );
    const [first] = Errors;
    // It answers 200 all the same.
    if (first !== undefined)
      throw new Error(
        `${Errors.length} objects of ${bucket} were not removed; ${first.Key ?? ''}: ${first.Code ?? ''}`,
      );
  };

  return {
    async text(key, options) {
      try {
        const answer = await get(key, options);
        return { body: (await answer.Body?.transformToString()) ?? '', etag: answer.ETag ?? '' };
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    async facts(key) {
      try {
        const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
        return {
          // Objects of a bucket that keeps no versions have the version "null".
          versionId: head.VersionId ?? 'null',
          etag: head.ETag ?? '',
          sizeBytes: head.ContentLength ?? 0,
          uploadedAt: head.LastModified ?? new Date(0),
        };
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    async bytes(key, options) {
      const answer = await get(key, options);
      return (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
    },
    async putJson(key, value, condition) {
      try {
        const answer = await s3.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key,
            Body: `${JSON.stringify(value, null, 2)}\n`,
            ContentType: 'application/json',
            ...(condition === undefined
              ? {}
              : 'ifMatch' in condition
                ? { IfMatch: condition.ifMatch }
                : { IfNoneMatch: condition.ifNoneMatch }),
          }),
        );
        return answer.ETag;
      } catch (error) {
        if (condition !== undefined && isConditionFailed(error)) return undefined;
        throw error;
      }
    },
    async remove(key, condition) {
      try {
        await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, IfMatch: condition?.ifMatch }));
      } catch (error) {
        if (condition === undefined || !isConditionFailed(error)) throw error;
      }
    },
    async removeAll(prefix, most = Infinity) {
      let [objects, bytes] = [0, 0];
      for await (const page of pages({ Prefix: prefix })) {
        const found = (page.Contents ?? []).slice(0, most - objects);
        if (found.length > 0) await removeObjects(found.map(({ Key }) => ({ Key })));
        objects += found.length;
        bytes += found.reduce((sum, { Size = 0 }) => sum + Size, 0);
        if (objects >= most) break;
      }
      return { objects, bytes };
    },
    async *folders({ prefix, startAfter }) {
      // A slash is what ends the name of a folder; what follows it in the order of characters is behind all that is in it.
      const StartAfter = startAfter === undefined ? undefined : `${prefix}${startAfter}${BEHIND_SLASH}`;
      for await (const page of pages({ Prefix: prefix, Delimiter: '/', StartAfter })) {
        for (const { Prefix } of page.CommonPrefixes ?? [])
          if (Prefix !== undefined) yield Prefix.slice(prefix.length, -1);
      }
    },
    async *keys({ prefix, startAfter }) {
      for await (const page of pages({ Prefix: prefix, StartAfter: startAfter })) {
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
      }
    },
  };
}

export function isNotFound(error: unknown): boolean {
  return hasName(error, ['NoSuchKey', 'NotFound', 'NoSuchVersion', 'NoSuchUpload']);
}

/** 412: somebody else's write came first. 409: it is under way at this moment. Both mean to read again. */
export function isConditionFailed(error: unknown): boolean {
  return hasName(error, ['PreconditionFailed', 'ConditionalRequestConflict']) || isNotFound(error);
}

function hasName(error: unknown, names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}
