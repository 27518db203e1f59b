import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { createHash } from 'node:crypto';
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

describe('an object', () => {
  it('comes back with its bytes, its MD5 as ETag, its headers and its metadata', async () => {
    const put = await client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'clip.mp4',
        Body: 'content',
        ContentType: 'video/mp4',
        CacheControl: 'max-age=60',
        ContentDisposition: 'attachment',
        ContentEncoding: 'gzip',
        Metadata: { preset: 'web-720p' },
      }),
    );
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'clip.mp4' }));

    expect(put.ETag).toBe(`"${createHash('md5').update('content').digest('hex')}"`);
    expect(await got.Body?.transformToString()).toBe('content');
    expect(got).toMatchObject({
      ETag: put.ETag,
      ContentType: 'video/mp4',
      CacheControl: 'max-age=60',
      ContentDisposition: 'attachment',
      ContentEncoding: 'gzip',
      ContentLength: 7,
      Metadata: { preset: 'web-720p' },
    });
  });

  it('of no bytes at all is an object', async () => {
    await put('empty', '');

    expect(await textOf('empty')).toBe('');
    expect((await client.send(new HeadObjectCommand({ Bucket, Key: 'empty' }))).ContentLength).toBe(0);
  });

  it.each(['a', 'a/b', '../x', 'a//b', '/lead', 'emoji 🎬/é.mp4', '100%+&=?#.mp4', "it's(1)*!~"])(
    'can have the key %s',
    async key => {
      await put(key, key);

      expect(await textOf(key)).toBe(key);
    },
  );

  it('can have a key of 1024 bytes, and none of more', async () => {
    await put('ä'.repeat(512), 'long');
    expect(await textOf('ä'.repeat(512))).toBe('long');
    await expect(put('ä'.repeat(513), 'x')).rejects.toMatchObject({ name: 'KeyTooLongError' });
  });

  it('that was streamed without a known checksum arrives whole, verified by its trailer', async () => {
    const bytes = Buffer.alloc(3_000_000, 'spotreel');
    const Body = Readable.from([bytes.subarray(0, 1_000_001), bytes.subarray(1_000_001)]);
    const sent = await client.send(
      new PutObjectCommand({ Bucket, Key: 'streamed', Body, ContentLength: bytes.length }),
    );

    expect(sent.ChecksumCRC32).toBeDefined();
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'streamed', ChecksumMode: 'ENABLED' }));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
    expect(got.ContentEncoding).toBeUndefined();
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'keeps the %s that the SDK computed',
    async ChecksumAlgorithm => {
      await client.send(new PutObjectCommand({ Bucket, Key: 'summed', Body: 'summed', ChecksumAlgorithm }));

      const head = await client.send(
        new HeadObjectCommand({ Bucket, Key: 'summed', ChecksumMode: 'ENABLED' }),
      );
      expect(head[`Checksum${ChecksumAlgorithm}`]).toBeDefined();
      expect(head.ChecksumType).toBe('FULL_OBJECT');
    },
  );

  it('that is not there is NoSuchKey, and a bucket that is not there NoSuchBucket', async () => {
    await expect(textOf('missing')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(client.send(new GetObjectCommand({ Bucket: 'nowhere', Key: 'k' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'missing' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  it('can be addressed by the host name, too', async () => {
    const port = new URL(server.endpoint).port;
    const byHost = server.client(undefined, {
      endpoint: `http://localhost:${port}`,
      forcePathStyle: false,
      // Not every resolver knows the names below localhost.
      requestHandler: { httpAgent: { lookup: toLoopback } },
    });
    await byHost.send(new PutObjectCommand({ Bucket, Key: 'by host', Body: 'x' }));

    expect(await textOf('by host')).toBe('x');
  });
});

describe('a range', () => {
  beforeAll(() => put('digits', '0123456789'));

  it.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=-99', '0123456789', 'bytes 0-9/10'],
    ['bytes=9-99', '9', 'bytes 9-9/10'],
  ])('%s gives %s', async (Range, text, ContentRange) => {
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'digits', Range }));

    expect(got.$metadata.httpStatusCode).toBe(206);
    expect(got.ContentRange).toBe(ContentRange);
    expect(await got.Body?.transformToString()).toBe(text);
  });

  it('behind the end is InvalidRange', async () => {
    await expect(
      client.send(new GetObjectCommand({ Bucket, Key: 'digits', Range: 'bytes=10-' })),
    ).rejects.toMatchObject({ name: 'InvalidRange', $metadata: { httpStatusCode: 416 } });
  });
});

describe('a presigned URL', () => {
  it('reads a range, and replaces headers of the answer', async () => {
    await put('signed', '0123456789');
    const url = await getSignedUrl(
      client,
      new GetObjectCommand({ Bucket, Key: 'signed', ResponseContentType: 'video/mp4' }),
    );
    const response = await fetch(url, { headers: { range: 'bytes=3-5' } });

    expect(response.status).toBe(206);
    expect(response.headers.get('content-type')).toBe('video/mp4');
    expect(await response.text()).toBe('345');
  });

  it('of a PUT stores the metadata that was signed into it', async () => {
    const url = await getSignedUrl(
      client,
      new PutObjectCommand({ Bucket, Key: 'put by url', Metadata: { job: '42' } }),
    );
    const response = await fetch(url, { method: 'PUT', body: 'bytes' });

    expect(response.status).toBe(200);
    expect(await client.send(new HeadObjectCommand({ Bucket, Key: 'put by url' }))).toMatchObject({
      ContentLength: 5,
      Metadata: { job: '42' },
    });
  });
});

function toLoopback(
  _name: string,
  _options: unknown,
  callback: (error: null, addresses: { address: string; family: number }[]) => void,
): void {
  callback(null, [{ address: '127.0.0.1', family: 4 }]);
}
