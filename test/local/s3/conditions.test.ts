import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { startServer, type TestServer } from './server';

let server: TestServer;
let client: S3Client;
const Bucket = 'plain';

beforeAll(async () => {
  server = await startServer();
  client = server.client();
});
afterAll(() => server.destroy());

async function put(Key: string, Body: string): Promise<string> {
  return (await client.send(new PutObjectCommand({ Bucket, Key, Body }))).ETag ?? '';
}

async function textOf(Key: string): Promise<string | undefined> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return Body?.transformToString();
}

describe('a conditional read', () => {
  it('is refused where the ETag differs and spared where it is the same', async () => {
    const etag = await put('read', 'x');
    const get = (conditions: object) =>
      client.send(new GetObjectCommand({ Bucket, Key: 'read', ...conditions }));

    await expect(get({ IfMatch: '"0"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(get({ IfNoneMatch: etag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(get({ IfModifiedSince: new Date() })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    await expect(get({ IfUnmodifiedSince: new Date(0) })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    await expect(get({ IfMatch: etag, IfModifiedSince: new Date(0) })).resolves.toMatchObject({ ETag: etag });
  });
});

describe('a conditional write', () => {
  it('is won by exactly one of many at once', async () => {
    const claims = Array.from({ length: 8 }, (_, i) =>
      client.send(new PutObjectCommand({ Bucket, Key: 'claim', Body: `${i}`, IfNoneMatch: '*' })),
    );
    const results = await Promise.allSettled(claims);

    const winners = results.flatMap((result, i) => (result.status === 'fulfilled' ? [i] : []));
    expect(winners).toHaveLength(1);
    expect(await textOf('claim')).toBe(String(winners[0]));
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ name: 'PreconditionFailed' });
    }
  });

  it('replaces only the object that was read', async () => {
    const first = await put('record', '1');
    const second = await client.send(
      new PutObjectCommand({ Bucket, Key: 'record', Body: '2', IfMatch: first }),
    );

    await expect(
      client.send(new PutObjectCommand({ Bucket, Key: 'record', Body: '3', IfMatch: first })),
    ).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect(await textOf('record')).toBe('2');
    expect(second.ETag).not.toBe(first);
  });

  it('with If-Match of a missing object is NoSuchKey', async () => {
    await expect(
      client.send(new PutObjectCommand({ Bucket, Key: 'never', Body: 'x', IfMatch: '"0"' })),
    ).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('conflicts with a deletion that passes while its bytes arrive', async () => {
    const stalled = new Readable({ read: () => undefined });
    stalled.push('half');
    const writing = client.send(
      new PutObjectCommand({ Bucket, Key: 'conflict', Body: stalled, ContentLength: 8, IfNoneMatch: '*' }),
    );
    await untilStored(1);
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'conflict' }));
    stalled.push('half');
    stalled.push(null);

    await expect(writing).rejects.toMatchObject({
      name: 'ConditionalRequestConflict',
      $metadata: { httpStatusCode: 409 },
    });
  });

  /** Waits until that many files lie in the store beside those of objects. */
  async function untilStored(count: number): Promise<void> {
    const before = (await contents()).length;
    while ((await contents()).length < before + count) await new Promise(resolve => setImmediate(resolve));
  }
});

async function contents(): Promise<string[]> {
  return (await readdir(join(server.dataDir, 'content'))).sort();
}
