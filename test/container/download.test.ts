import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OrderInput } from '../../core/order';
import { DownloadError, downloadInput } from '../../container/download';
import { FakeS3 } from './support/fake-s3';

const BODY = Buffer.alloc(300_000, 'part');
const INPUT: OrderInput = {
  id: 'chunk-0000/part.mp4',
  fileName: 'part.mp4',
  sizeBytes: BODY.length,
  sha256: createHash('sha256').update(BODY).digest('hex'),
};

describe('downloadInput', () => {
  let s3: FakeS3;
  let folder: string;

  beforeEach(async () => {
    s3 = await FakeS3.start();
    folder = await mkdtemp(join(tmpdir(), 'download-'));
    // Objects below `source` are those of which the fake spoils the answers.
    s3.objects.set('source/part.mp4', BODY);
  });
  afterEach(async () => {
    await s3.stop();
    await rm(folder, { recursive: true });
  });

  const download = async (
    changes: Partial<OrderInput> = {},
    url = s3.url('source/part.mp4'),
  ): Promise<void> =>
    downloadInput({
      input: { ...INPUT, ...changes },
      path: join(folder, 'part.mp4'),
      url: () => url,
      signal: new AbortController().signal,
      firstPauseMs: 1,
    });

  it('fetches a file anew after an interruption and a refusal', async () => {
    s3.faults.push({ dropAfterBytes: 1000 }, { status: 503 });
    await download();
    expect(await readFile(join(folder, 'part.mp4'))).toEqual(BODY);
  });

  it('asks for the URL again before each attempt', async () => {
    const urls = [s3.url('source/gone.mp4'), s3.url('source/part.mp4')];
    await downloadInput({
      ...{ input: INPUT, path: join(folder, 'part.mp4'), url: () => urls.shift() },
      ...{ signal: new AbortController().signal, firstPauseMs: 1 },
    });
    expect(await readFile(join(folder, 'part.mp4'))).toEqual(BODY);
  });

  it.each([
    ['of another content', { sha256: '0'.repeat(64) }, /SHA-256 is/],
    ['that is shorter than announced', { sizeBytes: BODY.length + 1 }, /300000 bytes instead of 300001/],
    ['that is longer than announced', { sizeBytes: 1000 }, /more than 1000 bytes/],
    ['of another version', { etag: '"other"' }, /S3 answered 412/],
  ])('refuses a file %s and leaves nothing of it', async (_which, changes, message) => {
    const failed = download(changes);
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toBeInstanceOf(DownloadError);
    expect(await readdir(folder)).toEqual([]);
  });

  it('names the file, and not its URL, when it is gone', async () => {
    await expect(download({}, s3.url('source/gone.mp4'))).rejects.toThrow(
      /^part\.mp4 could not be fetched: S3 answered 404$/,
    );
  });
});
