import type { IncomingHttpHeaders } from 'node:http';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface SendOptions {
  readonly method: 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string | number>>;
  /** Made anew for each attempt. */
  readonly body: () => Readable;
  readonly signal: AbortSignal;
}

export interface SendAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** What is kept of an answer's body; S3's errors are shorter. */
const MAX_ANSWER_CHARACTERS = 8192;
/** Milliseconds in which no byte goes either way, after which a transfer is given up. */
const IDLE_MS = 60_000;

/** Sends a body once and reads the answer. */
export async function send({ method, url, headers, body, signal }: SendOptions): Promise<SendAnswer> {
  const start = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise<SendAnswer>((resolve, reject) => {
    const request = start(url, { method, headers, signal, timeout: IDLE_MS }, response => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text = `${text}${part}`.slice(0, MAX_ANSWER_CHARACTERS)));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    request.on('timeout', () => request.destroy(new Error('the transfer stood still')));
    request.on('error', reject);
    // A server that refuses answers before it has read all: its answer tells more than the broken pipe.
    pipeline(body(), request).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || error.code === 'ECONNRESET') setTimeout(() => reject(error), 200).unref();
      else reject(error);
    });
  });
}

export interface RetryOptions {
  /** Attempts in all. */
  readonly attempts: number;
  /** First pause in milliseconds, doubled each time. */
  readonly firstPauseMs: number;
  readonly signal: AbortSignal;
}

/** Sends until S3 takes it, gives a definite answer or the attempts are used up; a network error is thrown then. */
export async function sendWithRetry(
  options: () => Omit<SendOptions, 'signal'>,
  retry: RetryOptions,
): Promise<SendAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const last = attempt >= retry.attempts;
    try {
      const answer = await send({ ...options(), signal: retry.signal });
      if (last || (answer.status < 500 && answer.status !== 408 && answer.status !== 429)) return answer;
    } catch (error) {
      if (last || retry.signal.aborted) throw error;
    }
    await sleep(retry.firstPauseMs * 2 ** (attempt - 1), undefined, { signal: retry.signal });
  }
}
