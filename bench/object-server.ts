import busboy from 'busboy';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseRange } from '../core/byte-range';

/** Serves files with ranges and takes forms, as much as a worker needs of S3; nothing is signed or checked. */
export class ObjectServer {
  readonly #server: Server;
  readonly #sentBytes = new Map<string, number>();

  private constructor(readonly folder: string) {
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy());
    });
  }

  static async start(folder: string): Promise<ObjectServer> {
    const server = new ObjectServer(folder);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  /** Address of a file below the folder. */
  url(key: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${key}`;
  }

  path(key: string): string {
    return join(this.folder, key);
  }

  /** Bytes of a file that went out, those included that nobody took any more: what a store would have to send. */
  sentBytes(key: string): number {
    return this.#sentBytes.get(key) ?? 0;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'POST') return this.#store(request, response);
    const key = (request.url ?? '/').slice(1);
    const path = this.path(key);
    const { size } = await stat(path);
    const range = parseRange(request.headers.range, size);
    if (range === 'unsatisfiable') return void response.writeHead(416).end();
    const { first, last } = range ?? { first: 0, last: size - 1 };
    response.writeHead(range === undefined ? 200 : 206, {
      'content-length': last - first + 1,
      ...(range === undefined ? {} : { 'content-range': `bytes ${first}-${last}/${size}` }),
    });
    const count = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        sent.set(key, (sent.get(key) ?? 0) + chunk.length);
        yield chunk;
      }
    };
    const sent = this.#sentBytes;
    await pipeline(createReadStream(path, { start: first, end: last }), count, response);
  }

  async #store(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = busboy({ headers: request.headers });
    let key = '';
    let stored = Promise.resolve();
    form.on('field', (name, value) => {
      if (name === 'key') key = value;
    });
    form.on('file', (_name, file) => {
      const path = this.path(key);
      stored = mkdir(dirname(path), { recursive: true }).then(() => pipeline(file, createWriteStream(path)));
    });
    request.pipe(form);
    await once(form, 'close');
    await stored;
    response.writeHead(204).end();
  }
}
