import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OrderAccess } from '../../core/order';
import type { UploadRequest } from '../../container/upload';
import { uploadFile, uploadLimitBytes } from '../../container/upload';
import { SIGNATURE } from './support/fake-s3';
import { Workshop } from './support/workshop';

const BODY = randomBytes(700_000);

describe('uploadFile', () => {
  let shop: Workshop;
  let folder: string;

  beforeEach(async () => {
    shop = await Workshop.open();
    folder = await mkdtemp(join(tmpdir(), 'upload-'));
    await writeFile(join(folder, 'out.mp4'), BODY);
  });
  afterEach(async () => {
    await shop.close();
    await rm(folder, { recursive: true });
  });

  const upload = (
    access: Partial<OrderAccess> = {},
    changes: Partial<UploadRequest> = {},
  ): ReturnType<typeof uploadFile> =>
    uploadFile({
      path: join(folder, 'out.mp4'),
      fileName: 'out.mp4',
      contentType: 'video/mp4',
      deliveryId: 'task1-1',
      access: () => shop.access(access),
      signal: new AbortController().signal,
      firstPauseMs: 1,
      ...changes,
    });
  const sha256 = createHash('sha256').update(BODY);
  const hex = sha256.digest('hex');

  it('posts a form of known length with key, type and checksum', async () => {
    expect(await upload()).toEqual({
      key: 'work/job-1/encode/task1-1/out.mp4',
      sizeBytes: BODY.length,
      sha256: hex,
    });
    const [posted] = shop.s3.posted;
    expect(posted?.body.equals(BODY)).toBe(true);
    expect(Number(posted?.contentLength)).toBeGreaterThan(BODY.length);
    expect(posted?.fields).toMatchObject({
      key: 'work/job-1/encode/task1-1/out.mp4',
      'Content-Type': 'video/mp4',
      'x-amz-checksum-algorithm': 'SHA256',
      'x-amz-checksum-sha256': Buffer.from(hex, 'hex').toString('base64'),
    });
  });

  it('tries again after 503 and 429', async () => {
    shop.s3.postFaults.push(503, 429);
    await upload();
    expect(shop.s3.posted).toHaveLength(1);
  });

  it('tells what S3 said without any address when it refuses', async () => {
    const refused = upload({ post: { url: `${shop.s3.origin}/`, fields: { 'X-Amz-Signature': 'old' } } });
    await expect(refused).rejects.toMatchObject({
      message: 'S3 refused out.mp4 with 403 AccessDenied: as told',
      retryable: true,
    });
  });

  it('fails with a reason that another attempt may mend when S3 is not there', async () => {
    // Port 9 discards, where anything listens there at all.
    const failed = upload({ post: { url: 'http://127.0.0.1:9/', fields: {} } });
    await expect(failed).rejects.toMatchObject({ name: 'UploadError', retryable: true });
  });

  it('puts a file in parts when it is too large for the form', async () => {
    const partSizeBytes = 300_000;
    const multipart = {
      'out.mp4': {
        key: 'work/job-1/encode/generation-1/out.mp4',
        partSizeBytes,
        partUrls: [1, 2, 3].map(part => shop.s3.url(`part-${part}`)),
      },
    };
    const stored = await upload({ postMaxBytes: 500_000, multipart });
    expect(stored).toMatchObject({ key: 'work/job-1/encode/generation-1/out.mp4', sha256: hex });
    expect(stored.parts?.map(({ partNumber }) => partNumber)).toEqual([1, 2, 3]);
    expect(stored.parts?.every(({ etag }) => /^"[0-9a-f]{32}"$/.test(etag))).toBe(true);
    const joined = Buffer.concat([1, 2, 3].map(part => shop.s3.parts.get(`part-${part}`) ?? Buffer.of()));
    expect(joined.equals(BODY)).toBe(true);
    expect(shop.s3.posted).toEqual([]);
  });

  it('uses the URLs of the moment for each attempt', async () => {
    shop.s3.postFaults.push(503);
    const signatures = ['old', SIGNATURE];
    const access = (): OrderAccess => {
      const fields = { 'X-Amz-Signature': shop.s3.postFaults.length > 0 ? 'old' : SIGNATURE };
      return { ...shop.access(), post: { url: `${shop.s3.origin}/`, fields } };
    };
    await upload({}, { access });
    expect(shop.s3.posted[0]?.fields['X-Amz-Signature']).toBe(signatures[1]);
  });

  it('knows the largest file that the access takes', () => {
    const parts = { key: 'k', partSizeBytes: 10, partUrls: ['http://s3/1', 'http://s3/2'] };
    expect(uploadLimitBytes(shop.access({ postMaxBytes: 5 }), 'out.mp4')).toBe(5);
    expect(
      uploadLimitBytes(shop.access({ postMaxBytes: 5, multipart: { 'out.mp4': parts } }), 'out.mp4'),
    ).toBe(20);
  });
});
