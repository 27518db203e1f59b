import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost, type PresignedPostOptions } from '@aws-sdk/s3-presigned-post';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { startServer, type TestServer } from './server';

let server: TestServer;
let client: S3Client;
let now = new Date();
const Bucket = 'versioned';

beforeAll(async () => {
  server = await startServer({ now: () => now });
  client = server.client();
});
beforeEach(() => {
  now = new Date();
});
afterAll(() => server.destroy());

type Fields = Record<string, string>;

async function signPost(
  options: Partial<PresignedPostOptions> = {},
): Promise<{ url: string; fields: Fields }> {
  return createPresignedPost(client, {
    Bucket,
    Key: 'work/${filename}',
    Conditions: [
      ['starts-with', '$key', 'work/'],
      ['content-length-range', 2, 10],
    ],
    ...options,
  });
}

async function post(
  input: { url: string; fields: Fields },
  file: { body: string; name?: string } = { body: 'bytes' },
): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(input.fields)) form.append(name, value);
  form.append('file', new Blob([file.body]), file.name ?? 'seg 1+é.ts');
  return fetch(input.url, { method: 'POST', body: form, redirect: 'manual' });
}

async function codeOf(response: Response): Promise<string> {
  return /<Code>(.*)<\/Code>/.exec(await response.text())?.[1] ?? `none, with status ${response.status}`;
}

async function contents(): Promise<string[]> {
  return (await readdir(join(server.dataDir, 'content'))).sort();
}

describe('a posted form', () => {
  it('stores its file under its key, with the name of the file in it', async () => {
    const response = await post(await signPost());
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'work/seg 1+é.ts' }));

    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('x-amz-version-id')).toBe(got.VersionId);
    expect(await got.Body?.transformToString()).toBe('bytes');
    expect(server.events.at(-1)).toMatchObject({
      eventName: 'ObjectCreated:Post',
      s3: { object: { key: 'work/seg+1%2B%C3%A9.ts' } },
    });
  });

  it('stores many files with one signature whose key is a prefix', async () => {
    const signed = await signPost();
    for (const key of ['work/v/0.m4s', 'work/v/1.m4s']) {
      expect((await post({ ...signed, fields: { ...signed.fields, key } })).status).toBe(204);
    }
  });

  it('stores the headers, metadata and checksum that it gives', async () => {
    const sha256 = createHash('sha256').update('bytes').digest('base64');
    const Fields = {
      'Content-Type': 'video/mp4',
      'x-amz-meta-job': '42',
      'x-amz-checksum-sha256': sha256,
      success_action_status: '201',
    };
    const response = await post(await signPost({ Key: 'work/full', Fields }));

    expect(response.status).toBe(201);
    expect(await response.text()).toContain('<Key>work/full</Key>');
    expect(
      await client.send(new HeadObjectCommand({ Bucket, Key: 'work/full', ChecksumMode: 'ENABLED' })),
    ).toMatchObject({ ContentType: 'video/mp4', Metadata: { job: '42' }, ChecksumSHA256: sha256 });
  });

  it('redirects where it says so', async () => {
    const Fields = { success_action_redirect: 'https://example.com/done?a=b' };
    const response = await post(await signPost({ Key: 'work/redirected', Fields }));

    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toMatch(
      /^https:\/\/example\.com\/done\?a=b&bucket=versioned&key=work%2Fredirected&etag=%22[0-9a-f]{32}%22$/,
    );
  });

  it('may carry fields that are to be ignored', async () => {
    const signed = await signPost();

    expect((await post({ ...signed, fields: { ...signed.fields, 'x-ignore-me': '1' } })).status).toBe(204);
  });

  it('may come from a page of another origin', async () => {
    const response = await fetch(`${server.endpoint}/${Bucket}`, { method: 'OPTIONS' });

    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-methods')).toContain('POST');
  });
});

describe('a posted form is refused, and nothing stored,', () => {
  const cases: [string, (fields: Fields) => Fields, string][] = [
    ['when its key is outside the prefix', fields => ({ ...fields, key: 'outbox/x' }), 'AccessDenied'],
    ['when a field has no condition', fields => ({ ...fields, 'x-amz-meta-a': 'b' }), 'AccessDenied'],
    [
      'when the policy was changed',
      fields => ({ ...fields, Policy: widened(fields) }),
      'SignatureDoesNotMatch',
    ],
    ['when the signature is missing', ({ 'X-Amz-Signature': _, ...fields }) => fields, 'InvalidArgument'],
    ['when it has no key', ({ key: _, ...fields }) => fields, 'InvalidArgument'],
    ['when nobody signed it', ({ key = '' }) => ({ key }), 'AccessDenied'],
  ];

  it.each(cases)('%s', async (_name, change, code) => {
    const before = await contents();
    const { url, fields } = await signPost();

    expect(await codeOf(await post({ url, fields: change(fields) }))).toBe(code);
    expect(await contents()).toEqual(before);
  });

  it.each([
    ['too large', 'x'.repeat(11), 'EntityTooLarge'],
    ['far too large', 'x'.repeat(3_000_000), 'EntityTooLarge'],
    ['too small', 'x', 'EntityTooSmall'],
  ])('when its file is %s', async (_name, body, code) => {
    const before = await contents();

    expect(await codeOf(await post(await signPost(), { body }))).toBe(code);
    await expect(untilContents(before)).resolves.toBeUndefined();
  });

  it('when its checksum is that of other bytes', async () => {
    const Fields = { 'x-amz-checksum-sha256': createHash('sha256').update('other').digest('base64') };

    expect(await codeOf(await post(await signPost({ Key: 'work/bad', Fields })))).toBe('BadDigest');
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'work/bad' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  it('when its policy has expired', async () => {
    const signed = await signPost({ Expires: 60 });
    now = new Date(now.getTime() + 61_000);
    const response = await post(signed);

    expect(await response.text()).toContain('Policy expired');
  });

  it('when a field is too long', async () => {
    const signed = await signPost({ Key: 'work/long', Conditions: [['starts-with', '$x-amz-meta-a', '']] });
    const fields = { ...signed.fields, 'x-amz-meta-a': 'a'.repeat(30_000) };

    expect(await codeOf(await post({ ...signed, fields }))).toBe('MaxPostPreDataLengthExceeded');
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'work/long' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  it('when it has no file', async () => {
    const { url, fields } = await signPost();
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);

    expect(await codeOf(await fetch(url, { method: 'POST', body: form }))).toBe('MalformedPOSTRequest');
  });

  it('when it breaks off within the file', async () => {
    const before = await contents();
    const { url, fields } = await signPost();
    const parts = Object.entries({ ...fields, key: 'work/broken' }).map(
      ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const head = 'Content-Disposition: form-data; name="file"; filename="f"\r\n\r\n';
    await new Promise<void>(resolve => {
      const sending = request(url, {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': 100_000 },
      });
      sending.on('error', () => undefined);
      sending.on('close', resolve);
      sending.write(`${parts.join('')}--b\r\n${head}half`, () => sending.destroy());
    });

    await untilContents(before);
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'work/broken' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  /** Files are removed after the answer. */
  async function untilContents(wanted: string[]): Promise<void> {
    while ((await contents()).join() !== wanted.join()) await new Promise(resolve => setImmediate(resolve));
  }

  function widened(fields: Fields): string {
    const policy = Buffer.from(fields['Policy'] ?? '', 'base64').toString('utf8');
    return Buffer.from(policy.replaceAll('work/', '')).toString('base64');
  }
});
