import { createHash } from 'node:crypto';
import type { ChunkVerifier } from '../sigv4';
import { S3Error } from './errors';

const MAX_LINE_BYTES = 16 * 1024;
const TRAILER_SIGNATURE = 'x-amz-trailer-signature';

/**
 * Takes a body out of AWS's own chunked framing (`aws-chunked`). Trailing headers are put into
 * `trailers`, by name in lower case. With a `verifier` each chunk's signature is checked before
 * the next chunk is read.
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  options: { trailers: Map<string, string>; verifier?: ChunkVerifier },
): AsyncGenerator<Buffer> {
  const reader = new LineReader(source);
  try {
    for (;;) {
      const { sizeBytes, signature } = parseChunkHeader(await reader.line());
      const hash = options.verifier && createHash('sha256');
      for await (const piece of reader.bytes(sizeBytes)) {
        hash?.update(piece);
        yield piece;
      }
      if (options.verifier && hash && !(await options.verifier.chunk(signature, hash.digest('hex')))) {
        throw signatureDoesNotMatch();
      }
      if (sizeBytes === 0) break;
      if ((await reader.line()) !== '') throw malformed('a chunk is longer than its header says');
    }
    await readTrailers(reader, options);
  } finally {
    await reader.close();
  }
}

async function readTrailers(
  reader: LineReader,
  options: { trailers: Map<string, string>; verifier?: ChunkVerifier },
): Promise<void> {
  let signed = '';
  for (let line = await reader.lastLine(); line !== ''; line = await reader.lastLine()) {
    const colon = line.indexOf(':');
    if (colon < 1) throw malformed('a trailer is not of the form name:value');
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    options.trailers.set(name, value);
    if (name !== TRAILER_SIGNATURE) signed += `${name}:${value}\n`;
  }
  if (!options.verifier || signed === '') return;
  const signature = options.trailers.get(TRAILER_SIGNATURE) ?? '';
  const sha256 = createHash('sha256').update(signed).digest('hex');
  if (!(await options.verifier.trailer(signature, sha256))) throw signatureDoesNotMatch();
}

function parseChunkHeader(line: string): { sizeBytes: number; signature: string } {
  const match = /^([0-9a-f]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(line);
  if (!match) throw malformed('a chunk header is not of the form size;chunk-signature=…');
  return { sizeBytes: parseInt(match[1] ?? '', 16), signature: match[2] ?? '' };
}

/** Reads lines and counted bytes from a stream of buffers. */
class LineReader {
  readonly #source: AsyncIterator<Buffer>;
  #buffer: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next line, without its end. */
  async line(): Promise<string> {
    const line = await this.#readLine();
    if (line === undefined) throw incomplete();
    return line;
  }

  /** As `line`, but the end of the body counts as an empty line: some clients leave out the last one. */
  async lastLine(): Promise<string> {
    return (await this.#readLine()) ?? '';
  }

  async *bytes(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0;) {
      if (this.#buffer.length === 0 && !(await this.#more())) throw incomplete();
      const piece = this.#buffer.subarray(0, left);
      this.#buffer = this.#buffer.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #readLine(): Promise<string | undefined> {
    for (;;) {
      const end = this.#buffer.indexOf('\n');
      if (end >= 0) {
        const line = this.#buffer.subarray(0, end).toString('latin1');
        this.#buffer = this.#buffer.subarray(end + 1);
        return line.replace(/\r$/, '');
      }
      if (this.#buffer.length > MAX_LINE_BYTES) throw malformed('a chunk header is too long');
      if (!(await this.#more())) {
        if (this.#buffer.length > 0) throw incomplete();
        return undefined;
      }
    }
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done) return false;
    this.#buffer = this.#buffer.length === 0 ? next.value : Buffer.concat([this.#buffer, next.value]);
    return true;
  }
}

function incomplete(): S3Error {
  return new S3Error('IncompleteBody', 'The request body terminated unexpectedly');
}

function malformed(reason: string): S3Error {
  return new S3Error('InvalidRequest', `The aws-chunked body can't be read: ${reason}.`);
}

function signatureDoesNotMatch(): S3Error {
  return new S3Error(
    'SignatureDoesNotMatch',
    'The signature of a chunk does not match its content and the chunk before it.',
  );
}
