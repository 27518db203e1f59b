import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { startServer, type TestServer } from './server';

let server: TestServer;
let client: S3Client;
const Bucket = 'plain';

beforeAll(async () => {
  server = await startServer();
  client = server.client();
});
afterAll(() => server.destroy());

async function textOf(Key: string): Promise<string | undefined> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return Body?.transformToString();
}

describe('an upload that is not what it says', () => {
  const refused: [string, Record<string, string>, string][] = [
    ['Content-MD5', { 'content-md5': createHash('md5').update('other').digest('base64') }, 'BadDigest'],
    ['CRC32', { 'x-amz-checksum-crc32': 'AAAAAA==' }, 'BadDigest'],
    [
      'SHA-256',
      { 'x-amz-checksum-sha256': createHash('sha256').update('other').digest('base64') },
      'BadDigest',
    ],
  ];

  it.each(refused)('by its %s is refused, and nothing is stored', async (_name, headers, code) => {
    const before = await contents();
    const response = await signedPut(headers, 'body');

    expect(response).toMatchObject({ status: 400 });
    expect(response.text).toContain(`<Code>${code}</Code>`);
    await expect(textOf('bad')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await contents()).toEqual(before);
  });

  it('by the hash that it signed is refused, and nothing is stored', async () => {
    const withOtherBody = server.client();
    withOtherBody.middlewareStack.add(
      next => async args => {
        (args.request as { body: unknown }).body = 'baad';
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low', name: 'tamper' },
    );
    await expect(
      withOtherBody.send(new PutObjectCommand({ Bucket, Key: 'bad', Body: 'good', ContentLength: 4 })),
    ).rejects.toMatchObject({ name: 'XAmzContentSHA256Mismatch' });
    await expect(textOf('bad')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('by its length stores nothing', async () => {
    const before = await contents();
    const url = new URL(await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'short' })));
    await new Promise<void>(resolve => {
      const sending = request(url, { method: 'PUT', headers: { 'content-length': 10 } });
      sending.on('error', () => undefined);
      sending.on('close', resolve);
      sending.write('12345', () => sending.destroy());
    });

    await untilContents(before);
    await expect(textOf('short')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('and over 5 GiB is refused before it is read', async () => {
    const url = new URL(await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: 'huge' })));
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sending = request(url, { method: 'PUT', headers: { 'content-length': 5 * 1024 ** 3 + 1 } });
      sending.on('response', response => {
        resolve(response.statusCode);
        sending.destroy();
      });
      sending.on('error', reject);
      sending.flushHeaders();
    });

    expect(status).toBe(400);
  });

  async function untilContents(wanted: string[]): Promise<void> {
    while ((await contents()).join() !== wanted.join()) await new Promise(resolve => setImmediate(resolve));
  }
});

async function contents(): Promise<string[]> {
  return (await readdir(join(server.dataDir, 'content'))).sort();
}

/** Puts an object by a URL into which these headers are signed. */
async function signedPut(
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number; text: string }> {
  const signing = server.client();
  signing.middlewareStack.add(
    next => async args => {
      Object.assign((args.request as { headers: object }).headers, headers);
      return next(args);
    },
    { step: 'build', name: 'headers' },
  );
  const url = await getSignedUrl(signing, new PutObjectCommand({ Bucket, Key: 'bad' }), {
    unhoistableHeaders: new Set(Object.keys(headers)),
  });
  const response = await fetch(url, { method: 'PUT', body, headers });
  return { status: response.status, text: await response.text() };
}
