import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type ChecksumAlgorithm,
  type CompletedPart,
  type CreateMultipartUploadCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { startServer, type TestServer } from './server';

let server: TestServer;
let client: S3Client;
const Bucket = 'plain';
const FIRST = Buffer.alloc(5 * 1024 * 1024, 'first');
const LAST = Buffer.from('last');
const WHOLE = Buffer.concat([FIRST, LAST]);

beforeAll(async () => {
  server = await startServer();
  client = server.client();
});
afterAll(() => server.destroy());

async function begin(Key: string, more: Partial<CreateMultipartUploadCommandInput> = {}): Promise<string> {
  const created = await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  return created.UploadId ?? '';
}

async function send(input: {
  Key: string;
  UploadId: string;
  PartNumber: number;
  Body: Buffer;
  ChecksumAlgorithm?: ChecksumAlgorithm;
}): Promise<CompletedPart> {
  const { $metadata: _, ...part } = await client.send(new UploadPartCommand({ Bucket, ...input }));
  return { ...part, PartNumber: input.PartNumber };
}

async function upload(Key: string, more: Partial<CreateMultipartUploadCommandInput> = {}): Promise<void> {
  const UploadId = await begin(Key, more);
  const { ChecksumAlgorithm } = more;
  const Parts = [
    await send({ Key, UploadId, PartNumber: 1, Body: FIRST, ChecksumAlgorithm }),
    await send({ Key, UploadId, PartNumber: 7, Body: LAST, ChecksumAlgorithm }),
  ];
  await client.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
  );
}

describe('an upload in parts', () => {
  it('becomes one object with the ETag, the type and the bytes that it should have', async () => {
    await upload('parts', { ContentType: 'video/mp4', Metadata: { a: 'b' } });
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'parts' }));
    const across = await client.send(
      new GetObjectCommand({ Bucket, Key: 'parts', Range: `bytes=${FIRST.length - 2}-${FIRST.length + 1}` }),
    );

    const md5s = [FIRST, LAST].map(part => createHash('md5').update(part).digest());
    expect(got.ETag).toBe(`"${createHash('md5').update(Buffer.concat(md5s)).digest('hex')}-2"`);
    expect(got).toMatchObject({
      ContentType: 'video/mp4',
      Metadata: { a: 'b' },
      ContentLength: WHOLE.length,
    });
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(WHOLE)).toBe(true);
    expect(await across.Body?.transformToString()).toBe(
      WHOLE.subarray(FIRST.length - 2, FIRST.length + 2).toString(),
    );
  });

  it('gets the checksum of its checksums, or that of the whole where it asks for it', async () => {
    await upload('composite', { ChecksumAlgorithm: 'SHA256' });
    await upload('full', { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' });
    const head = (Key: string) =>
      client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));

    const sums = [FIRST, LAST].map(part => createHash('sha256').update(part).digest());
    const whole = Buffer.alloc(4);
    whole.writeUInt32BE(crc32(WHOLE));
    expect(await head('composite')).toMatchObject({
      ChecksumSHA256: `${createHash('sha256').update(Buffer.concat(sums)).digest('base64')}-2`,
      ChecksumType: 'COMPOSITE',
    });
    expect(await head('full')).toMatchObject({
      ChecksumCRC32: whole.toString('base64'),
      ChecksumType: 'FULL_OBJECT',
    });
  });

  it('is refused with small, unknown or disordered parts, and stays open', async () => {
    const Key = 'refused';
    const UploadId = await begin(Key);
    const small = await send({ Key, UploadId, PartNumber: 1, Body: LAST });
    const other = await send({ Key, UploadId, PartNumber: 2, Body: LAST });
    const complete = (Parts: CompletedPart[]) =>
      client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));

    await expect(complete([small, other])).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await expect(complete([{ ...small, ETag: '"0"' }])).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete([{ ...small, PartNumber: 3 }])).rejects.toMatchObject({ name: 'InvalidPart' });
    await expect(complete([other, small])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete([other])).resolves.toMatchObject({ Bucket, Key });
  });

  it('answers a repeated completion as it did the first', async () => {
    const Key = 'repeated';
    const UploadId = await begin(Key);
    const Parts = [await send({ Key, UploadId, PartNumber: 1, Body: LAST })];
    const complete = () =>
      client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));

    expect((await complete()).ETag).toBe((await complete()).ETag);
  });

  it('completes on condition', async () => {
    const Key = 'conditional';
    await client.send(new PutObjectCommand({ Bucket, Key, Body: 'first' }));
    const UploadId = await begin(Key);
    const Parts = [await send({ Key, UploadId, PartNumber: 1, Body: LAST })];

    await expect(
      client.send(
        new CompleteMultipartUploadCommand({
          Bucket,
          Key,
          UploadId,
          MultipartUpload: { Parts },
          IfNoneMatch: '*',
        }),
      ),
    ).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  it('is listed with its parts until it is aborted, and leaves nothing behind', async () => {
    const before = await contents();
    const Key = 'aborted';
    const UploadId = await begin(Key);
    await send({ Key, UploadId, PartNumber: 2, Body: LAST });
    await send({ Key, UploadId, PartNumber: 1, Body: LAST });
    await send({ Key, UploadId, PartNumber: 1, Body: Buffer.from('again') });
    const { Parts, IsTruncated } = await client.send(
      new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 1 }),
    );
    const uploads = () => client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'abo' }));

    expect(Parts).toMatchObject([{ PartNumber: 1, Size: 5 }]);
    expect(IsTruncated).toBe(true);
    expect((await uploads()).Uploads).toMatchObject([{ Key, UploadId }]);
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    expect((await uploads()).Uploads).toBeUndefined();
    await expect(send({ Key, UploadId, PartNumber: 1, Body: LAST })).rejects.toMatchObject({
      name: 'NoSuchUpload',
    });
    while ((await contents()).length > before.length) await new Promise(resolve => setImmediate(resolve));
  });

  it('takes parts by presigned URLs', async () => {
    const Key = 'by url';
    const UploadId = await begin(Key);
    const url = await getSignedUrl(client, new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1 }));
    const response = await fetch(url, { method: 'PUT', body: 'by url' });
    const ETag = response.headers.get('etag') ?? '';
    await client.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key,
        UploadId,
        MultipartUpload: { Parts: [{ ETag, PartNumber: 1 }] },
      }),
    );

    const got = await client.send(new GetObjectCommand({ Bucket, Key }));
    expect(await got.Body?.transformToString()).toBe('by url');
  });
});

describe('a copy', () => {
  it('has the bytes and the description of its source, or a new description', async () => {
    const source = { Bucket: 'versioned', Key: 'source é+.mp4' };
    const { VersionId, ETag } = await client.send(
      new PutObjectCommand({ ...source, Body: 'one', ContentType: 'video/mp4', Metadata: { a: 'b' } }),
    );
    await client.send(new PutObjectCommand({ ...source, Body: 'two' }));
    const CopySource = `versioned/${encodeURIComponent(source.Key)}?versionId=${VersionId}`;
    const copied = await client.send(
      new CopyObjectCommand({ Bucket, Key: 'copy', CopySource, ChecksumAlgorithm: 'SHA256' }),
    );
    await client.send(
      new CopyObjectCommand({
        Bucket,
        Key: 'replaced',
        CopySource,
        MetadataDirective: 'REPLACE',
        ContentType: 'text/plain',
      }),
    );

    expect(copied.CopySourceVersionId).toBe(VersionId);
    expect(copied.CopyObjectResult).toMatchObject({
      ETag,
      ChecksumSHA256: createHash('sha256').update('one').digest('base64'),
    });
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'copy' }));
    expect(head).toMatchObject({ ContentType: 'video/mp4', Metadata: { a: 'b' }, ContentLength: 3 });
    const replaced = await client.send(new HeadObjectCommand({ Bucket, Key: 'replaced' }));
    expect(replaced).toMatchObject({ ContentType: 'text/plain', Metadata: {} });
  });

  it('of an upload in parts is one whole, and outlives its source', async () => {
    await upload('in parts');
    await client.send(new CopyObjectCommand({ Bucket, Key: 'whole', CopySource: `${Bucket}/in parts` }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'in parts', Body: 'overwritten' }));
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'whole' }));

    expect(got.ETag).toBe(`"${createHash('md5').update(WHOLE).digest('hex')}"`);
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(WHOLE)).toBe(true);
  });

  it('is made only under the conditions of its source and its destination', async () => {
    const { ETag } = await client.send(new PutObjectCommand({ Bucket, Key: 'from', Body: 'x' }));
    const copy = (conditions: object) =>
      client.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource: `${Bucket}/from`, ...conditions }));

    await expect(copy({ CopySourceIfMatch: '"0"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await copy({ CopySourceIfMatch: ETag, IfNoneMatch: '*' });
    await expect(copy({ IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  it('onto itself needs a change', async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'self', Body: 'x' }));

    await expect(
      client.send(new CopyObjectCommand({ Bucket, Key: 'self', CopySource: `${Bucket}/self` })),
    ).rejects.toMatchObject({ name: 'InvalidRequest' });
  });

  it('of a range is a part', async () => {
    const Key = 'part copy';
    await client.send(new PutObjectCommand({ Bucket, Key: 'digits', Body: '0123456789' }));
    const UploadId = await begin(Key);
    const CopySource = `${Bucket}/digits`;
    const copy = (CopySourceRange: string) =>
      client.send(
        new UploadPartCopyCommand({ Bucket, Key, UploadId, PartNumber: 1, CopySource, CopySourceRange }),
      );
    const { CopyPartResult } = await copy('bytes=3-5');
    await expect(copy('bytes=3-10')).rejects.toMatchObject({ name: 'InvalidArgument' });
    const Parts = [{ PartNumber: 1, ETag: CopyPartResult?.ETag }];
    await client.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
    );

    const got = await client.send(new GetObjectCommand({ Bucket, Key }));
    expect(await got.Body?.transformToString()).toBe('345');
  });
});

async function contents(): Promise<string[]> {
  return readdir(join(server.dataDir, 'content'));
}
