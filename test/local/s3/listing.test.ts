import {
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type ListObjectsV2CommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { REGION, startServer, type TestServer } from './server';

let server: TestServer;
let client: S3Client;
const Bucket = 'plain';
/** In the order of their UTF-8 bytes; the order of UTF-16 units has the last two the other way round. */
const KEYS = ['a', 'a b', 'a/1', 'a/2/x', 'a/2/y', 'a//', 'b', 'é', '\uff5e', '🎬'].sort((a, b) =>
  Buffer.compare(Buffer.from(a), Buffer.from(b)),
);

beforeAll(async () => {
  server = await startServer();
  client = server.client();
  for (const Key of [...KEYS].reverse()) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
});
afterAll(() => server.destroy());

async function list(
  input: Omit<ListObjectsV2CommandInput, 'Bucket'>,
): Promise<{ keys: (string | undefined)[]; prefixes: (string | undefined)[] }> {
  const { Contents, CommonPrefixes } = await client.send(new ListObjectsV2Command({ Bucket, ...input }));
  return {
    keys: (Contents ?? []).map(object => object.Key),
    prefixes: (CommonPrefixes ?? []).map(prefix => prefix.Prefix),
  };
}

describe('ListObjectsV2', () => {
  it('gives all keys in the order of their UTF-8 bytes', async () => {
    expect(await list({})).toEqual({ keys: KEYS, prefixes: [] });
  });

  it('gives sizes, ETags and, on demand, owners', async () => {
    const { Contents, KeyCount } = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'é', FetchOwner: true }),
    );

    expect(KeyCount).toBe(1);
    expect(Contents).toMatchObject([
      {
        Key: 'é',
        Size: 2,
        ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/) as string,
        Owner: { ID: '123456789012' },
      },
    ]);
  });

  it('groups keys below a prefix by the delimiter', async () => {
    expect(await list({ Delimiter: '/' })).toEqual({
      keys: ['a', 'a b', 'b', 'é', '\uff5e', '🎬'],
      prefixes: ['a/'],
    });
    expect(await list({ Prefix: 'a/', Delimiter: '/' })).toEqual({
      keys: ['a/1'],
      prefixes: ['a//', 'a/2/'],
    });
    expect(await list({ Prefix: 'c' })).toEqual({ keys: [], prefixes: [] });
  });

  it.each([1, 2, 3])('gives the same in pages of %d', async MaxKeys => {
    const seen: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket, Delimiter: '/', MaxKeys, ContinuationToken }),
      );
      expect(page.KeyCount).toBeLessThanOrEqual(MaxKeys);
      seen.push(...(page.Contents ?? []).map(object => object.Key));
      seen.push(...(page.CommonPrefixes ?? []).map(prefix => prefix.Prefix));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);

    expect(seen.sort()).toEqual(['a', 'a b', 'a/', 'b', 'é', '\uff5e', '🎬'].sort());
  });

  it('starts behind a key', async () => {
    expect(await list({ StartAfter: 'b' })).toMatchObject({ keys: ['é', '\uff5e', '🎬'] });
    expect(await list({ StartAfter: 'bb' })).toMatchObject({ keys: ['é', '\uff5e', '🎬'] });
  });

  it('encodes keys on demand', async () => {
    expect(await list({ Prefix: 'a ', EncodingType: 'url' })).toMatchObject({ keys: ['a%20b'] });
  });

  it('refuses a token that it never gave', async () => {
    await expect(list({ ContinuationToken: '*' })).rejects.toMatchObject({ name: 'InvalidArgument' });
  });
});

describe('ListObjects', () => {
  it('goes on behind its marker', async () => {
    const first = await client.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 3 }));
    const second = await client.send(
      new ListObjectsCommand({ Bucket, Delimiter: '/', Marker: first.NextMarker }),
    );

    expect(first.NextMarker).toBe('a/');
    expect(second.Contents?.map(object => object.Key)).toEqual(['b', 'é', '\uff5e', '🎬']);
  });
});

describe('a bucket', () => {
  it('is listed, is there, and tells its region and whether it keeps versions', async () => {
    const versioning = (Bucket: string) => client.send(new GetBucketVersioningCommand({ Bucket }));

    expect((await client.send(new ListBucketsCommand({}))).Buckets).toMatchObject([
      { Name: 'plain' },
      { Name: 'versioned' },
    ]);
    expect(await client.send(new HeadBucketCommand({ Bucket }))).toMatchObject({ BucketRegion: REGION });
    expect(await client.send(new GetBucketLocationCommand({ Bucket }))).toMatchObject({
      LocationConstraint: REGION,
    });
    expect((await versioning('versioned')).Status).toBe('Enabled');
    expect((await versioning('plain')).Status).toBeUndefined();
  });
});
