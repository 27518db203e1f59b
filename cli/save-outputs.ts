import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { concurrently } from '../core/concurrently';
import { fileListSchema } from '../core/file-list';
import type { JobRecord } from '../core/job';

const AT_ONCE = 16;

/** Copies all published files of a job to a folder, as they lie in the outbox. */
export async function saveOutputs(s3: S3Client, job: JobRecord, folder: string): Promise<void> {
  for (const { bucket, fileName, tree } of job.outputs) {
    await save(s3, { bucket, job, fileName, folder });
    if (tree === undefined) continue;
    const list = await save(s3, { bucket, job, fileName: tree.list.fileName, folder });
    const { files } = fileListSchema.parse(JSON.parse(await readFile(list, 'utf8')));
    await concurrently(files, { atOnce: AT_ONCE }, async file => {
      await save(s3, { bucket, job, fileName: file.fileName, folder });
    });
  }
}

async function save(
  s3: S3Client,
  { bucket, job, fileName, folder }: { bucket: string; job: JobRecord; fileName: string; folder: string },
): Promise<string> {
  const path = join(folder, fileName);
  await mkdir(dirname(path), { recursive: true });
  const { Body } = await s3.send(
    new GetObjectCommand({ Bucket: bucket, Key: `${job.outputPrefix}/${fileName}` }),
  );
  await pipeline(Body as Readable, createWriteStream(path));
  return path;
}
