import busboy from 'busboy';
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseRange } from '../../../core/byte-range';

/** What every signed URL of the fake carries; it must show up nowhere else. */
export const SIGNATURE = 'f00dfeedcafe';

export interface Posted {
  readonly fields: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly contentLength: string | undefined;
}

/** How a GET is spoilt: `drop` after so many bytes, or answered with a status. */
export type Fault =
  { readonly dropAfterBytes: number } | { readonly status: number } | { readonly stall: true };

/** Stands for S3: signed GET with ranges, POST forms and parts, with faults on demand. */
export class FakeS3 {
  readonly objects = new Map<string, Buffer>();
  readonly posted: Posted[] = [];
  readonly parts = new Map<string, Buffer>();
  /** Taken one after another by GETs of the source. */
  readonly faults: Fault[] = [];
  /** Status with which the next POSTs are refused. */
  readonly postFaults: number[] = [];
  readonly ranges: (string | undefined)[] = [];
  /** Emits `read` at each GET of the source. */
  readonly events = new EventEmitter();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  static async start(): Promise<FakeS3> {
    const fake = new FakeS3();
    fake.#server.listen(0, '127.0.0.1');
    await once(fake.#server, 'listening');
    return fake;
  }

  url(key: string): string {
    return `${this.origin}/${key}?X-Amz-Signature=${SIGNATURE}&X-Amz-Credential=ASIAABCDEFGHIJKLMNOP`;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  etag(key: string): string {
    return `"${createHash('md5')
      .update(this.objects.get(key) ?? '')
      .digest('hex')}"`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin);
    const key = url.pathname.slice(1);
    response.on('error', () => undefined);
    if (request.method === 'POST') return this.#post(request, response);
    if (url.searchParams.get('X-Amz-Signature') !== SIGNATURE)
      return answer(response, 403, 'SignatureDoesNotMatch');
    if (request.method === 'PUT') return this.#put(request, response, key);
    return this.#get(request, response, key);
  }

  #get(request: IncomingMessage, response: ServerResponse, key: string): void {
    const body = this.objects.get(key);
    if (body === undefined) return answer(response, 404, 'NoSuchKey');
    const fault = key.startsWith('source') ? this.faults.shift() : undefined;
    if (key.startsWith('source')) {
      this.ranges.push(request.headers.range);
      this.events.emit('read');
    }
    if (fault !== undefined && 'status' in fault) return answer(response, fault.status, 'Fault');
    if (fault !== undefined && 'stall' in fault) return;
    const ifMatch = request.headers['if-match'];
    if (ifMatch !== undefined && ifMatch !== this.etag(key))
      return answer(response, 412, 'PreconditionFailed');
    const range = parseRange(request.headers.range, body.length);
    if (range === 'unsatisfiable') return answer(response, 416, 'InvalidRange');
    const { first, last } = range ?? { first: 0, last: body.length - 1 };
    response.writeHead(range === undefined ? 200 : 206, {
      'content-length': last - first + 1,
      etag: this.etag(key),
      ...(range === undefined ? {} : { 'content-range': `bytes ${first}-${last}/${body.length}` }),
    });
    if (fault === undefined) return void response.end(body.subarray(first, last + 1));
    response.write(body.subarray(first, Math.min(last + 1, first + fault.dropAfterBytes)), () =>
      response.destroy(),
    );
  }

  async #put(request: IncomingMessage, response: ServerResponse, key: string): Promise<void> {
    const body = await readAll(request);
    this.parts.set(key, body);
    response.writeHead(200, { etag: `"${createHash('md5').update(body).digest('hex')}"` }).end();
  }

  async #post(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = this.postFaults.shift();
    if (fault !== undefined) {
      request.resume();
      return answer(response, fault, 'SlowDown');
    }
    const fields: Record<string, string> = {};
    const chunks: Buffer[] = [];
    const form = busboy({ headers: request.headers });
    form.on('field', (name, value) => (fields[name] = value));
    form.on('file', (_name, file) => file.on('data', (chunk: Buffer) => chunks.push(chunk)));
    request.pipe(form);
    await once(form, 'close');
    const body = Buffer.concat(chunks);
    const sha256 = createHash('sha256').update(body).digest('base64');
    if (fields['X-Amz-Signature'] !== SIGNATURE) return answer(response, 403, 'AccessDenied');
    if (fields['x-amz-checksum-sha256'] !== sha256) return answer(response, 400, 'BadDigest');
    this.posted.push({ fields, body, contentLength: request.headers['content-length'] });
    response.writeHead(204).end();
  }
}

function answer(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { 'content-type': 'application/xml' })
    .end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>as told</Message></Error>`);
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
