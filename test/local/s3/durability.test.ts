import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { copyFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer, type TestServer } from './server';

let server: TestServer;

beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.destroy());

/** Stops the server, changes its files as a crash would leave them, and starts it again. */
async function restart(change: (dataDir: string) => Promise<void> = async () => undefined): Promise<void> {
  await server.stop();
  await change(server.dataDir);
  server = await startServer({ dataDir: server.dataDir });
}

async function put(Bucket: string, Key: string, Body: string): Promise<void> {
  await server.client().send(new PutObjectCommand({ Bucket, Key, Body, Metadata: { from: 'test' } }));
}

async function textOf(Bucket: string, Key: string): Promise<string | undefined> {
  const { Body } = await server.client().send(new GetObjectCommand({ Bucket, Key }));
  return Body?.transformToString();
}

describe('after a restart', () => {
  it('all objects, versions and metadata are there, in order', async () => {
    for (const key of ['b', 'a/é', '🎬', '../x']) await put('plain', key, key);
    await put('versioned', 'v', 'one');
    await put('versioned', 'v', 'two');
    await restart();

    const client = server.client();
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: 'plain' }));
    const { Versions } = await client.send(new ListObjectVersionsCommand({ Bucket: 'versioned' }));
    expect(Contents?.map(object => object.Key)).toEqual(['../x', 'a/é', 'b', '🎬']);
    expect(await textOf('plain', '🎬')).toBe('🎬');
    expect((await client.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'b' }))).Metadata).toEqual({
      from: 'test',
    });
    expect(await textOf('versioned', 'v')).toBe('two');
    expect(Versions?.map(version => version.IsLatest)).toEqual([true, false]);
    await put('versioned', 'v', 'three');
    expect(await textOf('versioned', 'v')).toBe('three');
  });

  it('an upload in parts goes on', async () => {
    const target = { Bucket: 'plain', Key: 'parts' };
    const { UploadId } = await server.client().send(new CreateMultipartUploadCommand(target));
    const { ETag } = await server
      .client()
      .send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: 'part' }));
    await restart();

    const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
    await server.client().send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }));
    await restart();
    expect(await textOf('plain', 'parts')).toBe('part');
    await expect(server.client().send(new ListPartsCommand({ ...target, UploadId }))).rejects.toMatchObject({
      name: 'NoSuchUpload',
    });
  });
});

describe('what a crash leaves behind', () => {
  it('is swept: half contents, half records, parts of no upload', async () => {
    await put('plain', 'k', 'whole');
    await restart(async dataDir => {
      await writeFile(join(dataDir, 'content', 'half'), 'ha');
      await writeFile(join(dataDir, 'buckets', 'plain', 'versions', '0.json.half.tmp'), '{"key":');
    });

    expect(await readdir(join(server.dataDir, 'content'))).toHaveLength(1);
    expect(await readdir(join(server.dataDir, 'buckets', 'plain', 'versions'))).toHaveLength(1);
    expect(await textOf('plain', 'k')).toBe('whole');
  });

  it('is resolved to the new object where the old record was still there, too', async () => {
    const versions = join(server.dataDir, 'buckets', 'plain', 'versions');
    await put('plain', 'k', 'old');
    const [old = ''] = await readdir(versions);
    await copyFile(join(versions, old), join(server.dataDir, 'old.json'));
    await put('plain', 'k', 'new');
    await restart(dataDir => copyFile(join(dataDir, 'old.json'), join(versions, old)));

    expect(await textOf('plain', 'k')).toBe('new');
    expect(await readdir(versions)).toHaveLength(1);
    expect(await readdir(join(server.dataDir, 'content'))).toHaveLength(1);
  });

  it('names the file where a record can not be read', async () => {
    await server.stop();
    await writeFile(join(server.dataDir, 'buckets', 'plain', 'bucket.json'), '{}');

    await expect(startServer({ dataDir: server.dataDir })).rejects.toThrow(/bucket\.json can't be read/);
  });
});
