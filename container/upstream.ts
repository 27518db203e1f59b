import type { IncomingMessage } from 'node:http';
import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';

export interface UpstreamRange {
  readonly url: string;
  /** ETag that the object must still have, in quotes. */
  readonly etag: string;
  /** First and last byte, both included. */
  readonly first: number;
  readonly last: number;
  readonly signal: AbortSignal;
  /** Milliseconds without an answer after which the request is given up. */
  readonly timeoutMs: number;
}

/** Asks S3 for a range of the source; resolves with whatever it answers. */
export async function requestRange(range: UpstreamRange): Promise<IncomingMessage> {
  const get = range.url.startsWith('https:') ? httpsGet : httpGet;
  return new Promise((resolve, reject) => {
    const request = get(
      range.url,
      {
        headers: { range: `bytes=${range.first}-${range.last}`, 'if-match': range.etag },
        signal: range.signal,
      },
      response => {
        clearTimeout(timer);
        resolve(response);
      },
    );
    const timer = setTimeout(() => request.destroy(new Error('no answer in time')), range.timeoutMs);
    request.on('error', error => {
      clearTimeout(timer);
      reject(error);
    });
  });
}
