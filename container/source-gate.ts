import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseRange } from '../core/byte-range';
import type { ReadSpan } from '../core/read-span';
import { lastOfPiece } from '../core/read-span';
import { redact } from '../core/redact';
import type { ReadFailure } from '../core/source-failure';
import { requestRange } from './upstream';

export interface GateOptions {
  /** Signed GET of the source. */
  readonly sourceUrl: string;
  readonly sizeBytes: number;
  readonly etag: string;
  /** Attempts in a row that bring no byte, before the source is given up. Default 8. */
  readonly maxAttempts?: number;
  /** Milliseconds without a byte that is waited for, after which a request is made anew. Default 20 000. */
  readonly stallMs?: number;
  /** First pause before a new attempt in milliseconds, doubled each time up to 10 s. Default 200. */
  readonly firstPauseMs?: number;
}

const LONGEST_PAUSE_MS = 10_000;

/**
 * The only way from ffmpeg to the source: an HTTP server on the loopback interface that reads the signed URL on its
 * behalf. ffmpeg never knows the URL, which it would print in its messages, and an interrupted transfer goes on
 * at the byte where it stopped, also with fresh URLs.
 */
export class SourceGate {
  readonly #server: Server;
  readonly #path = `/${randomUUID()}`;
  readonly #options: Required<GateOptions>;
  readonly #closing = new AbortController();
  readonly #failed = new AbortController();
  #sourceUrl: string;
  #bytesRead = 0;
  #span: ReadSpan | undefined;
  #failure: ReadFailure | undefined;

  private constructor(options: GateOptions) {
    this.#options = { maxAttempts: 8, stallMs: 20_000, firstPauseMs: 200, ...options };
    this.#sourceUrl = options.sourceUrl;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async open(options: GateOptions): Promise<SourceGate> {
    const gate = new SourceGate(options);
    gate.#server.listen(0, '127.0.0.1');
    await once(gate.#server, 'listening');
    return gate;
  }

  /** Where ffmpeg reads the source. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${this.#path}`;
  }

  /** Bytes that came from S3, those included that were read twice. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** Set once the source can't be read any more. */
  get failure(): ReadFailure | undefined {
    return this.#failure;
  }

  /** Given when `failure` is set: whoever reads need not go on. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  /** Reads through another URL of the same object from the next request on. */
  renew(sourceUrl: string): void {
    this.#sourceUrl = sourceUrl;
  }

  /** Reads no further ahead than a span from the next request on; readers get whatever they ask for as before. */
  expect(span: ReadSpan | undefined): void {
    this.#span = span;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined);
    const { sizeBytes } = this.#options;
    if (request.url !== this.#path) return void response.writeHead(404).end();
    if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end();
    if (this.#failure !== undefined) return void response.writeHead(410).end();
    const range = parseRange(request.headers.range, sizeBytes);
    if (range === 'unsatisfiable') {
      return void response.writeHead(416, { 'content-range': `bytes */${sizeBytes}` }).end();
    }
    const { first, last } = range ?? { first: 0, last: sizeBytes - 1 };
    response.writeHead(range === undefined ? 200 : 206, {
      'accept-ranges': 'bytes',
      'content-type': 'application/octet-stream',
      'content-length': last - first + 1,
      ...(range === undefined ? {} : { 'content-range': `bytes ${first}-${last}/${sizeBytes}` }),
    });
    if (request.method === 'HEAD') return void response.end();
    await this.#send(response, first, last);
  }

  async #send(response: ServerResponse, first: number, last: number): Promise<void> {
    const left = new AbortController();
    response.once('close', () => left.abort());
    const signal = AbortSignal.any([left.signal, this.#closing.signal]);
    let next = first;
    let fruitless = 0;
    let pieces = 0;
    while (next <= last && !signal.aborted && this.#failure === undefined) {
      const before = next;
      try {
        const pieceLast = lastOfPiece({ next, last }, { span: this.#span, pieces });
        const piece = { first: next, last: pieceLast, signal, onByte: (at: number) => (next = at) };
        next = await this.#transfer(response, piece);
        fruitless = 0;
        pieces += 1;
      } catch (error) {
        fruitless = next > before ? 1 : fruitless + 1;
        if (!signal.aborted) await this.#afterFailure(error, fruitless, signal);
      }
    }
    // A tool whose source has failed must not take what it got for all there is.
    if (next > last) response.end();
    else response.destroy();
  }

  async #afterFailure(error: unknown, fruitless: number, signal: AbortSignal): Promise<void> {
    if (error instanceof DefiniteFailure) return this.#fail(error.failure);
    if (fruitless >= this.#options.maxAttempts) {
      const detail = error instanceof Error ? error.message : String(error);
      return this.#fail({ kind: 'unreachable', detail: redact(detail) });
    }
    const pauseMs = Math.min(this.#options.firstPauseMs * 2 ** (fruitless - 1), LONGEST_PAUSE_MS);
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }

  #fail(failure: ReadFailure): void {
    this.#failure ??= failure;
    this.#failed.abort();
  }

  /** Passes on one answer of S3 to its end. */
  async #transfer(
    response: ServerResponse,
    range: { first: number; last: number; signal: AbortSignal; onByte: (next: number) => void },
  ): Promise<number> {
    const { stallMs, etag, sizeBytes } = this.#options;
    const url = this.#sourceUrl;
    const upstream = await requestRange({ ...range, url, etag, timeoutMs: stallMs });
    try {
      refuseOtherThan206(upstream, { sizeBytes, isCurrentUrl: url === this.#sourceUrl });
      const stalled = (): void => void upstream.destroy(new Error('no byte in time'));
      let watchdog = setTimeout(stalled, stallMs);
      let next = range.first;
      try {
        for await (const chunk of upstream as AsyncIterable<Buffer>) {
          this.#bytesRead += chunk.length;
          next += chunk.length;
          range.onByte(next);
          if (response.write(chunk)) {
            watchdog.refresh();
            continue;
          }
          // Waiting for a busy encoder is no stall.
          clearTimeout(watchdog);
          await once(response, 'drain', { signal: range.signal });
          watchdog = setTimeout(stalled, stallMs);
        }
      } finally {
        clearTimeout(watchdog);
      }
      if (next <= range.last) throw new Error('the transfer ended early');
      return next;
    } finally {
      upstream.destroy();
    }
  }
}

class DefiniteFailure extends Error {
  constructor(readonly failure: ReadFailure) {
    super(failure.detail);
  }
}

function refuseOtherThan206(
  upstream: IncomingMessage,
  expected: { readonly sizeBytes: number; readonly isCurrentUrl: boolean },
): void {
  const status = upstream.statusCode ?? 0;
  const detail = `S3 answered ${status}`;
  if (status === 206) {
    const size = /\/(\d+)$/.exec(upstream.headers['content-range'] ?? '')?.[1];
    if (size === undefined || Number(size) === expected.sizeBytes) return;
    throw new DefiniteFailure({
      kind: 'changed',
      detail: `it has ${size} bytes instead of ${expected.sizeBytes}`,
    });
  }
  if (status === 404 || status === 412 || status === 416)
    throw new DefiniteFailure({ kind: 'changed', detail });
  // An old URL may have been refused while the fresh one came in.
  if (status >= 400 && status < 500 && status !== 408 && status !== 429 && expected.isCurrentUrl) {
    throw new DefiniteFailure({ kind: 'refused', detail });
  }
  throw new Error(detail);
}
