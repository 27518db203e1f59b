import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { startServer, type TestServer } from './server';

let server: TestServer;
let client: S3Client;
const Bucket = 'versioned';

beforeAll(async () => {
  server = await startServer();
  client = server.client();
});
afterAll(() => server.destroy());

async function put(Key: string, Body: string): Promise<string> {
  return (await client.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId ?? '';
}

async function textOf(Key: string, VersionId?: string): Promise<string | undefined> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return Body?.transformToString();
}

describe('a bucket that keeps versions', () => {
  it('gives each version back by its id, and the newest without', async () => {
    const first = await put('clip', 'one');
    const second = await put('clip', 'two');

    expect(first).not.toBe(second);
    expect(await textOf('clip')).toBe('two');
    expect(await textOf('clip', first)).toBe('one');
    expect(await textOf('clip', second)).toBe('two');
  });

  it('hides a deleted object behind a marker, and shows it again when the marker is deleted', async () => {
    const version = await put('hidden', 'x');
    const marker = await client.send(new DeleteObjectCommand({ Bucket, Key: 'hidden' }));

    expect(marker).toMatchObject({ DeleteMarker: true });
    await expect(textOf('hidden')).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(await textOf('hidden', version)).toBe('x');
    await expect(
      client.send(new HeadObjectCommand({ Bucket, Key: 'hidden', VersionId: marker.VersionId })),
    ).rejects.toMatchObject({ $metadata: { httpStatusCode: 405 } });

    await client.send(new DeleteObjectCommand({ Bucket, Key: 'hidden', VersionId: marker.VersionId }));
    expect(await textOf('hidden')).toBe('x');
  });

  it('lets go of a version that is deleted by its id', async () => {
    const first = await put('gone', 'one');
    await put('gone', 'two');
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'gone', VersionId: first }));

    await expect(textOf('gone', first)).rejects.toMatchObject({ name: 'NoSuchVersion' });
    expect(await textOf('gone')).toBe('two');
  });

  it('takes a conditional create where only a marker is', async () => {
    await put('again', 'one');
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'again' }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'again', Body: 'two', IfNoneMatch: '*' }));

    expect(await textOf('again')).toBe('two');
  });
});

describe('ListObjectVersions', () => {
  const listed: string[] = [];

  beforeAll(async () => {
    for (const [key, count] of Object.entries({ 'list/a': 3, 'list/b &+ é': 2, 'list/c/d': 1 })) {
      for (let i = 0; i < count; i++) listed.push(`${key} ${await put(key, String(i))}`);
    }
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'list/a' }));
  });

  it('gives all versions, newest first, whatever the size of the page', async () => {
    const seen: string[] = [];
    let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
    for (let more = true; more;) {
      const page = await client.send(
        new ListObjectVersionsCommand({ Bucket, Prefix: 'list/', MaxKeys: 2, ...markers }),
      );
      seen.push(...(page.Versions ?? []).map(version => `${version.Key} ${version.VersionId}`));
      more = page.IsTruncated ?? false;
      markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    }

    const newestFirst = [
      ...listed.slice(0, 3).reverse(),
      ...listed.slice(3, 5).reverse(),
      ...listed.slice(5),
    ];
    expect(seen).toEqual(newestFirst);
  });

  it('tells markers from versions, groups by delimiter and encodes on demand', async () => {
    const page = await client.send(
      new ListObjectVersionsCommand({ Bucket, Prefix: 'list/', Delimiter: '/', EncodingType: 'url' }),
    );

    expect(page.DeleteMarkers).toMatchObject([{ Key: 'list/a', IsLatest: true }]);
    expect(page.Versions?.filter(version => version.IsLatest)).toMatchObject([
      { Key: 'list/b%20%26%2B%20%C3%A9' },
    ]);
    expect(page.CommonPrefixes).toEqual([{ Prefix: 'list/c/' }]);
  });

  it('goes on where it was although the version it stopped at was deleted meanwhile', async () => {
    const first = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: 'list/b', MaxKeys: 1 }));
    await client.send(
      new DeleteObjectCommand({
        Bucket,
        Key: first.NextKeyMarker ?? '',
        VersionId: first.NextVersionIdMarker,
      }),
    );
    const second = await client.send(
      new ListObjectVersionsCommand({
        Bucket,
        Prefix: 'list/b',
        KeyMarker: first.NextKeyMarker,
        VersionIdMarker: first.NextVersionIdMarker,
      }),
    );

    expect(second.Versions?.map(version => `${version.Key} ${version.VersionId}`)).toEqual([listed[3]]);
  });
});

describe('DeleteObjects', () => {
  it('removes keys and versions, answers each, and keeps quiet when asked', async () => {
    const version = await put('many/1', 'x');
    await put('many/2 <&> \r', 'x');
    const Objects = [{ Key: 'many/1', VersionId: version }, { Key: 'many/2 <&> \r' }, { Key: 'many/3' }];
    const loud = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    const quiet = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'many/4' }], Quiet: true } }),
    );

    expect(loud.Deleted).toMatchObject([
      { Key: 'many/1', VersionId: version },
      { Key: 'many/2 <&> \r', DeleteMarker: true },
      { Key: 'many/3', DeleteMarker: true },
    ]);
    expect(loud.Errors).toBeUndefined();
    expect(quiet.Deleted).toBeUndefined();
    await expect(textOf('many/2 <&> \r')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('a bucket that keeps no versions', () => {
  it('forgets what was overwritten, and answers no version ids', async () => {
    const plain = { Bucket: 'plain', Key: 'k' };
    await client.send(new PutObjectCommand({ ...plain, Body: 'one' }));
    const second = await client.send(new PutObjectCommand({ ...plain, Body: 'two' }));
    const { Versions } = await client.send(new ListObjectVersionsCommand({ Bucket: 'plain' }));

    expect(second.VersionId).toBeUndefined();
    expect(Versions).toMatchObject([{ Key: 'k', VersionId: 'null', Size: 3 }]);
    await client.send(new DeleteObjectCommand(plain));
    expect((await client.send(new ListObjectVersionsCommand({ Bucket: 'plain' }))).Versions).toBeUndefined();
  });
});
