import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import type { Copied, CopyJob } from '../../../handlers/adapters/copy-object';
import { copyOver } from '../../../handlers/adapters/copy-object';
import { startServer, type TestServer } from '../../local/s3/server';

let server: TestServer;
let s3: S3Client;
const [stateBucket, outboxBucket] = ['versioned', 'plain'];
const sha256 = (body: string): string => createHash('sha256').update(body).digest('hex');

beforeAll(async () => {
  server = await startServer();
  s3 = server.client();
});
afterAll(() => server.destroy());

async function work(body: string): Promise<CopyJob['facts']> {
  const key = `work/${sha256(body)}`;
  await s3.send(new PutObjectCommand({ Bucket: stateBucket, Key: key, Body: body }));
  const contentType = 'video/mp4';
  return { key, fileName: 'a.mp4', contentType, sizeBytes: body.length, sha256: sha256(body) };
}

async function publish(jobId: string, body: string, key: string): Promise<Copied> {
  const options = { s3, stateBucket, outboxBucket };
  return copyOver(options, { jobId, facts: await work(body), key, etag: undefined });
}

async function published(key: string): Promise<string | undefined> {
  const { Body, Metadata } = await s3.send(new GetObjectCommand({ Bucket: outboxBucket, Key: key }));
  return `${(await Body?.transformToString()) ?? ''} of ${Metadata?.['spotreel-job'] ?? 'nobody'}`;
}

describe('a file that is published', () => {
  it('takes the place of that of an earlier job, and says of which job it is', async () => {
    await publish('job-1', 'old', 'over.mp4');
    expect(await publish('job-2', 'new', 'over.mp4')).toMatchObject({ kind: 'copied' });
    expect(await published('over.mp4')).toBe('new of job-2');
  });

  it('takes the place of one that nobody knows the job of', async () => {
    await s3.send(new PutObjectCommand({ Bucket: outboxBucket, Key: 'foreign.mp4', Body: 'own' }));
    await publish('job-1', 'new', 'foreign.mp4');
    expect(await published('foreign.mp4')).toBe('new of job-1');
  });

  it('does not take the place of that of a later job', async () => {
    await publish('job-2', 'new', 'kept.mp4');
    expect(await publish('job-1', 'old', 'kept.mp4')).toEqual({ kind: 'superseded', byJobId: 'job-2' });
    expect(await published('kept.mp4')).toBe('new of job-2');
  });

  it('does not do so either when the later job comes between the look and the copy', async () => {
    await publish('job-1', 'first', 'raced.mp4');
    const racing = server.client();
    let overtaken = false;
    racing.middlewareStack.add(
      (next, { commandName }) =>
        async args => {
          const answer = await next(args);
          if (commandName === 'HeadObjectCommand' && !overtaken) {
            overtaken = true;
            await publish('job-3', 'latest', 'raced.mp4');
          }
          return answer;
        },
      { step: 'initialize' },
    );
    const facts = await work('second');
    const options = { s3: racing, stateBucket, outboxBucket };
    const copied = copyOver(options, { jobId: 'job-2', facts, key: 'raced.mp4', etag: undefined });
    expect(await copied).toEqual({ kind: 'superseded', byJobId: 'job-3' });
    expect(await published('raced.mp4')).toBe('latest of job-3');
  });

  it('is left as it is when it is there already, and written anew when it is not what it should be', async () => {
    await publish('job-1', 'good', 'again.mp4');
    const send = jest.spyOn(s3, 'send');
    expect(await publish('job-1', 'good', 'again.mp4')).toMatchObject({ kind: 'copied' });
    // The work, a copy that is refused, and a look.
    expect(send.mock.calls.map(([command]) => command.constructor.name)).toEqual([
      'PutObjectCommand',
      'CopyObjectCommand',
      'HeadObjectCommand',
    ]);
    send.mockRestore();
    await publish('job-1', 'better', 'again.mp4');
    expect(await published('again.mp4')).toBe('better of job-1');
  });

  it('is refused when it is missing in the state bucket, or not what was reported', async () => {
    const options = { s3, stateBucket, outboxBucket };
    const facts = await work('x');
    const job: CopyJob = { jobId: 'job-1', facts, key: 'none.mp4', etag: undefined };
    const gone = { ...facts, key: 'work/none' };
    await expect(copyOver(options, { ...job, facts: gone })).rejects.toMatchObject({ name: 'NoSuchKey' });
    const other = { ...facts, sha256: sha256('y') };
    expect(await copyOver(options, { ...job, facts: other })).toMatchObject({ kind: 'refused' });
  });
});
