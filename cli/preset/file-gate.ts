import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { parseRange } from '../../core/byte-range';

/** Serves one file on the loopback interface, by ranges: to ffmpeg what the worker's gate is to it. */
export class FileGate {
  readonly #server: Server;
  readonly #path = `/${randomUUID()}`;
  #bytesRead = 0;

  private constructor(
    private readonly file: string,
    private readonly sizeBytes: number,
  ) {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async open(file: string): Promise<FileGate> {
    const { size } = await stat(file);
    const gate = new FileGate(file, size);
    gate.#server.listen(0, '127.0.0.1');
    await once(gate.#server, 'listening');
    return gate;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${this.#path}`;
  }

  get bytesRead(): number {
    return this.#bytesRead;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { sizeBytes } = this;
    if (request.url !== this.#path) return void response.writeHead(404).end();
    const range = parseRange(request.headers.range, sizeBytes);
    if (range === 'unsatisfiable') {
      return void response.writeHead(416, { 'content-range': `bytes */${sizeBytes}` }).end();
    }
    const { first, last } = range ?? { first: 0, last: sizeBytes - 1 };
    response.writeHead(range === undefined ? 200 : 206, {
      'accept-ranges': 'bytes',
      'content-length': last - first + 1,
      ...(range === undefined ? {} : { 'content-range': `bytes ${first}-${last}/${sizeBytes}` }),
    });
    if (request.method === 'HEAD' || last < first) return void response.end();
    const stream = createReadStream(this.file, { start: first, end: last });
    stream.on('data', chunk => (this.#bytesRead += chunk.length));
    // The tools hang up when they have what they need.
    await pipeline(stream, response).catch(() => undefined);
  }
}
