import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { S3EventRecord } from '../../../local/s3/service';
import { ROOT_KEY, startServer, type TestServer } from './server';

const Bucket = 'versioned';
const servers: TestServer[] = [];

async function start(options: Parameters<typeof startServer>[0] = {}): Promise<TestServer> {
  const server = await startServer(options);
  servers.push(server);
  return server;
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    await server.s3.close();
    await server.destroy();
  }
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(resolve => setImmediate(resolve));
}

describe('a new object', () => {
  it("is an event of AWS's own shape", async () => {
    const server = await start();
    const stored = await server
      .client()
      .send(new PutObjectCommand({ Bucket, Key: 'in/my clip+1%é🎬.mp4', Body: 'bytes' }));
    await until(() => server.events.length === 1);

    expect(server.events[0]).toEqual({
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: 'eu-west-1',
      eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      eventName: 'ObjectCreated:Put',
      userIdentity: { principalId: `AWS:${ROOT_KEY.principal.arn}` },
      requestParameters: { sourceIPAddress: '127.0.0.1' },
      responseElements: {
        'x-amz-request-id': expect.any(String) as string,
        'x-amz-id-2': expect.any(String) as string,
      },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: expect.any(String) as string,
        bucket: {
          name: Bucket,
          ownerIdentity: { principalId: '123456789012' },
          arn: 'arn:aws:s3:::versioned',
        },
        object: {
          key: 'in/my+clip%2B1%25%C3%A9%F0%9F%8E%AC.mp4',
          size: 5,
          eTag: stored.ETag?.replaceAll('"', ''),
          versionId: stored.VersionId,
          sequencer: expect.stringMatching(/^[0-9A-F]{18}$/) as string,
        },
      },
    });
  });

  it('is named by the call that made it, and sequenced', async () => {
    const server = await start();
    const client = server.client();
    const Key = 'k';
    await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    await client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/${Key}` }));
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const { ETag } = await client.send(
      new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: 'part' }),
    );
    const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
    await client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }));
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
    await server.s3.putObject({ bucket: Bucket, key: 'internal', body: Buffer.from('x') });
    await until(() => server.events.length === 4);

    const bySequence = [...server.events].sort((a, b) =>
      a.s3.object.sequencer < b.s3.object.sequencer ? -1 : 1,
    );
    expect(bySequence.map(event => event.eventName)).toEqual([
      'ObjectCreated:Put',
      'ObjectCreated:Copy',
      'ObjectCreated:CompleteMultipartUpload',
      'ObjectCreated:Put',
    ]);
  });

  it('is no event in a bucket that does not notify', async () => {
    const server = await start();
    await server.client().send(new PutObjectCommand({ Bucket: 'plain', Key: 'k', Body: 'x' }));
    await server.s3.close();

    expect(server.events).toEqual([]);
    expect(await readdir(join(server.dataDir, 'outbox'))).toEqual([]);
  });
});

describe('an event that was not taken', () => {
  it('is offered again until it is', async () => {
    let refusals = 1;
    const taken: S3EventRecord[] = [];
    const server = await start({
      onEvent: async event => {
        if (refusals-- > 0) throw new Error('not now');
        taken.push(event);
      },
    });
    await server.client().send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    await until(() => taken.length === 1);
    await until(async () => (await readdir(join(server.dataDir, 'outbox'))).length === 0);

    expect(taken[0]?.s3.object.key).toBe('k');
  });

  it('is offered again after a restart, and then never more', async () => {
    const first = await start({ onEvent: () => Promise.reject(new Error('never')) });
    await first.client().send(new PutObjectCommand({ Bucket, Key: 'a b', Body: 'x' }));
    await first.stop();
    const second = await startServer({ dataDir: first.dataDir });
    await until(() => second.events.length === 1);
    await second.stop();
    const third = await startServer({ dataDir: first.dataDir });
    await third.stop();

    expect(second.events[0]?.s3.object.key).toBe('a+b');
    expect(third.events).toEqual([]);
  });

  it('is dropped at the start where its object was never committed', async () => {
    const first = await start({ onEvent: () => Promise.reject(new Error('never')) });
    await first.client().send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    await first.stop();
    const versions = join(first.dataDir, 'buckets', Bucket, 'versions');
    for (const name of await readdir(versions)) await rm(join(versions, name));
    await writeFile(join(first.dataDir, 'outbox', '1.json.half.tmp'), '{"sub');
    const second = await startServer({ dataDir: first.dataDir });
    await second.stop();

    expect(second.events).toEqual([]);
    expect(await readdir(join(first.dataDir, 'outbox'))).toEqual([]);
  });
});
