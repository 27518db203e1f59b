import type { S3Client } from '@aws-sdk/client-s3';
import { CreateMultipartUploadCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { s3Leftovers } from '../../../handlers/adapters/leftovers';
import { abortUpload, unfinishedUploads } from '../../../handlers/adapters/multipart-uploads';
import { s3Objects } from '../../../handlers/adapters/s3-objects';
import type { TestServer } from '../../local/s3/server';
import { ROLE_KEY, startServer } from '../../local/s3/server';

let server: TestServer;
let s3: S3Client;

beforeEach(async () => {
  server = await startServer();
  s3 = server.client();
  // Pages of two instead of a thousand.
  s3.middlewareStack.add(
    (next, { commandName }) =>
      args => {
        const size =
          commandName === 'ListMultipartUploadsCommand'
            ? { MaxUploads: 2 }
            : commandName === 'ListObjectsV2Command'
              ? { MaxKeys: 2 }
              : {};
        return next({ ...args, input: { ...args.input, ...size } });
      },
    { step: 'initialize', priority: 'high' },
  );
});
afterEach(() => server.destroy());

const leftovers = () => s3Leftovers({ s3, state: s3Objects(s3, 'plain'), buckets: ['plain', 'versioned'] });

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function put(key: string, body = 'x'): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: 'plain', Key: key, Body: body }));
}

async function begin(Bucket: string, Key: string): Promise<void> {
  await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
}

describe('unfinished uploads', () => {
  it('are found on every page, in all buckets, and of one prefix', async () => {
    for (const key of ['work/a/1', 'work/a/1', 'work/a/2', 'work/a/3', 'work/b/1']) await begin('plain', key);
    await begin('versioned', 'cat/out.mp4');
    const found = await all(leftovers().uploads());
    expect(found.map(({ bucket, key }) => `${bucket} ${key}`)).toEqual([
      ...['plain work/a/1', 'plain work/a/1', 'plain work/a/2', 'plain work/a/3', 'plain work/b/1'],
      'versioned cat/out.mp4',
    ]);
    expect(await all(unfinishedUploads(s3, 'plain', 'work/a/'))).toHaveLength(4);
    for (const upload of found) await leftovers().abort(upload);
    expect(await all(leftovers().uploads())).toEqual([]);
  });

  it('that ended meanwhile need no ending', async () => {
    await begin('plain', 'work/a/1');
    const [upload] = await all(unfinishedUploads(s3, 'plain'));
    if (upload === undefined) throw new Error('none');
    await abortUpload(s3, upload);
    await expect(abortUpload(s3, upload)).resolves.toBeUndefined();
  });
});

describe('stored work', () => {
  it('is told by jobs, each once, behind the one where the last look ended', async () => {
    for (const key of ['a/1', 'a/2', 'a/3', 'b/1', 'c/o/d/1', 'c/o/d/2', 'd/1']) await put(`work/${key}`);
    await put('worked/e/1');
    expect(await all(leftovers().jobsWithWork(''))).toEqual(['a', 'b', 'c', 'd']);
    expect(await all(leftovers().jobsWithWork('a'))).toEqual(['b', 'c', 'd']);
    expect(await all(leftovers().jobsWithWork('d'))).toEqual([]);
  });

  it('is removed of one job, so many objects at most, and counted', async () => {
    for (const key of ['a/1', 'a/2', 'a/o/3', 'a/o/4', 'a/o/5', 'b/1']) await put(`work/${key}`, 'four');
    expect(await leftovers().removeWork('a', 3)).toEqual({ objects: 3, bytes: 12 });
    expect(await leftovers().removeWork('a', 100)).toEqual({ objects: 2, bytes: 8 });
    expect(await all(s3Objects(s3, 'plain').keys({ prefix: 'work/' }))).toEqual(['work/b/1']);
  });

  it('that may not be removed is an error, though S3 answers 200', async () => {
    await put('work/a/1');
    await server.stop();
    server = await startServer({
      dataDir: server.dataDir,
      roleMay: ({ action }) => action !== 's3:DeleteObject',
    });
    const state = s3Objects(server.client(ROLE_KEY), 'plain');
    await expect(state.removeAll('work/')).rejects.toThrow(
      '1 objects of plain were not removed; work/a/1: AccessDenied',
    );
  });
});

describe('the note of how far a look has come', () => {
  it('is kept in the state bucket', async () => {
    expect(await leftovers().note()).toBeUndefined();
    const note = { at: '2026-01-02T03:04:05.000Z', after: 'a' };
    await leftovers().keep(note);
    expect(await leftovers().note()).toEqual(note);
  });
});
