import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { get as httpGet } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderInput } from '../core/order';
import { redact } from '../core/redact';

export interface DownloadRequest {
  readonly input: OrderInput;
  /** Where it is written. */
  readonly path: string;
  /** Its URL as it is now, asked for before each attempt. */
  readonly url: () => string | undefined;
  readonly signal: AbortSignal;
  /** First pause between attempts in milliseconds, doubled each time. Default 500. */
  readonly firstPauseMs?: number;
}

/** An input that could not be fetched, or is not what was announced. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
}

const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 500;
/** Milliseconds without a byte after which an attempt is given up. */
const IDLE_MS = 30_000;

/**
 * Fetches a file that an order takes beside its source, and checks that it is the one that was announced.
 * @throws DownloadError when it can't be had, or is another one
 */
export async function downloadInput(request: DownloadRequest): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetchOnce(request);
    } catch (error) {
      await rm(request.path, { force: true });
      if (request.signal.aborted) throw error;
      if (attempt >= ATTEMPTS) {
        const detail = error instanceof Error ? error.message : String(error);
        throw new DownloadError(redact(`${request.input.fileName} could not be fetched: ${detail}`), {
          cause: error,
        });
      }
    }
    await sleep((request.firstPauseMs ?? FIRST_PAUSE_MS) * 2 ** (attempt - 1), undefined, {
      signal: request.signal,
    });
  }
}

/**
 * Fetches an input of an order by its id.
 * @throws DownloadError
 */
export async function fetchInput(
  { assignment, signal }: FetchingBench,
  id: string,
  path: string,
): Promise<void> {
  const input = assignment.order.inputs.find(other => other.id === id);
  if (input === undefined) throw new Error(`The order has no input ${id}`);
  await downloadInput({ input, path, url: () => assignment.inputUrls()[id], signal });
}

/** What inputs are fetched with. */
export interface FetchingBench {
  readonly signal: AbortSignal;
  readonly assignment: {
    readonly order: { readonly inputs: readonly OrderInput[] };
    readonly inputUrls: () => Readonly<Record<string, string>>;
  };
}

async function fetchOnce({ input, path, url, signal }: DownloadRequest): Promise<void> {
  const address = url();
  if (address === undefined) throw new Error('it has no URL in the ticket');
  const response = await open(address, input, signal);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const counted = new Transform({
    transform: (bytes: Buffer, _encoding, done) => {
      sizeBytes += bytes.length;
      hash.update(bytes);
      // More than was announced could fill the disk.
      if (sizeBytes > input.sizeBytes) done(new Error(`it has more than ${input.sizeBytes} bytes`));
      else done(null, bytes);
    },
  });
  await pipeline(response, counted, createWriteStream(path), { signal });
  if (sizeBytes !== input.sizeBytes)
    throw new Error(`it has ${sizeBytes} bytes instead of ${input.sizeBytes}`);
  const sha256 = hash.digest('hex');
  if (input.sha256 !== undefined && sha256 !== input.sha256)
    throw new Error(`its SHA-256 is ${sha256} instead of ${input.sha256}`);
}

async function open(url: string, { etag }: OrderInput, signal: AbortSignal): Promise<IncomingMessage> {
  const get = url.startsWith('https:') ? httpsGet : httpGet;
  return new Promise((resolve, reject) => {
    const headers = etag === undefined ? {} : { 'if-match': etag };
    const request = get(url, { headers, signal, timeout: IDLE_MS }, response => {
      if (response.statusCode === 200) return resolve(response);
      response.resume();
      reject(new Error(`S3 answered ${response.statusCode ?? 'nothing'}`));
    });
    request.on('timeout', () => request.destroy(new Error('the transfer stood still')));
    request.on('error', reject);
  });
}
