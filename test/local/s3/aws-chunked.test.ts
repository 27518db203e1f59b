import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createHash, createHmac } from 'node:crypto';
import { Readable } from 'node:stream';
import { decodeAwsChunked } from '../../../local/s3/aws-chunked';
import { REGION, ROOT_KEY, startServer, type TestServer } from './server';

async function* inPieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}

async function decode(text: string, size = 7): Promise<{ body: string; trailers: Map<string, string> }> {
  const trailers = new Map<string, string>();
  const chunks: Buffer[] = [];
  for await (const chunk of decodeAwsChunked(inPieces(text, size), { trailers })) chunks.push(chunk);
  return { body: Buffer.concat(chunks).toString(), trailers };
}

describe('an aws-chunked body', () => {
  const framed = '5\r\nhello\r\n11\r\n, out there\r\nyes!\r\n0\r\nX-Amz-Checksum-Crc32:AAAAAA==\r\n\r\n';

  it.each([1, 2, 3, 7, 1000])('is read in pieces of %d bytes', async size => {
    const { body, trailers } = await decode(framed, size);

    expect(body).toBe('hello, out there\r\nyes!');
    expect([...trailers]).toEqual([['x-amz-checksum-crc32', 'AAAAAA==']]);
  });

  it.each([
    ['that ends within a chunk', '5\r\nhel', 'IncompleteBody'],
    ['that ends before its last chunk', '5\r\nhello\r\n', 'IncompleteBody'],
    ['whose chunk is longer than it says', '4\r\nhello\r\n0\r\n\r\n', 'InvalidRequest'],
    ['whose header is no number', 'x\r\nhello\r\n0\r\n\r\n', 'InvalidRequest'],
    ['whose header never ends', '1'.repeat(40_000), 'InvalidRequest'],
    ['whose trailer is no header', '0\r\nnonsense\r\n\r\n', 'InvalidRequest'],
  ])('is refused %s', async (_name, text, code) => {
    await expect(decode(text, 1000)).rejects.toMatchObject({ code });
  });
});

describe('an upload in aws-chunked framing', () => {
  let server: TestServer;
  let client: S3Client;

  beforeAll(async () => {
    server = await startServer();
    client = server.client();
  });
  afterAll(() => server.destroy());

  it('is refused, and not stored, where its trailing checksum is that of other bytes', async () => {
    client.middlewareStack.add(
      next => async args => {
        const request = args.request as { body: Readable };
        request.body = Readable.from([await corrupted(request.body)]);
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low', name: 'corrupt' },
    );
    const Body = Readable.from([Buffer.from('right bytes')]);
    const put = client.send(new PutObjectCommand({ Bucket: 'plain', Key: 'k', Body, ContentLength: 11 }));

    await expect(put).rejects.toMatchObject({ name: 'BadDigest' });
    expect(server.events).toEqual([]);
  });

  async function corrupted(body: Readable): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of body) chunks.push(Buffer.from(chunk as Uint8Array));
    const text = Buffer.concat(chunks).toString('latin1');
    expect(text).toContain('right bytes');
    return Buffer.from(text.replace('right bytes', 'wrong bytes'), 'latin1');
  }

  it('with a signature for each chunk is stored if all of them are right', async () => {
    expect(await putSignedChunks(['first chunk', 'second chunk'], text => text)).toBe(200);
    expect(
      await putSignedChunks(['first chunk', 'second chunk'], text => text.replace('second', 'secomd')),
    ).toBe(403);
  });

  /** Signs by hand, as no SDK for JavaScript does: the chain of chunk signatures of a PUT. */
  async function putSignedChunks(chunks: string[], change: (body: string) => string): Promise<number> {
    const dateTime = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const scope = `${dateTime.slice(0, 8)}/${REGION}/s3/aws4_request`;
    const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
    const signingKey = scope
      .split('/')
      .reduce<string | Buffer>(
        (key, part) => createHmac('sha256', key).update(part).digest(),
        `AWS4${ROOT_KEY.secretAccessKey}`,
      );
    const sign = (lines: string[]): string =>
      createHmac('sha256', signingKey).update(lines.join('\n')).digest('hex');
    const headers: Record<string, string> = {
      host: new URL(server.endpoint).host,
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      'x-amz-date': dateTime,
      'x-amz-decoded-content-length': String(chunks.join('').length),
    };
    const names = Object.keys(headers);
    const canonical = [
      'PUT',
      '/plain/chunks',
      '',
      ...names.map(name => `${name}:${headers[name]}`),
      '',
      names.join(';'),
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    ].join('\n');
    let signature = sign(['AWS4-HMAC-SHA256', dateTime, scope, hash(canonical)]);
    const authorization = `AWS4-HMAC-SHA256 Credential=${ROOT_KEY.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
    const framed = [...chunks, ''].map(chunk => {
      signature = sign(['AWS4-HMAC-SHA256-PAYLOAD', dateTime, scope, signature, hash(''), hash(chunk)]);
      return `${chunk.length.toString(16)};chunk-signature=${signature}\r\n${chunk}\r\n`;
    });
    const response = await fetch(`${server.endpoint}/plain/chunks`, {
      method: 'PUT',
      headers: { ...headers, authorization },
      body: change(framed.join('')),
    });
    await response.text();
    return response.status;
  }
});
