import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from './delivery';

/** How often each thing goes wrong with a request, and how badly. */
const REFUSED = 0.03;
const CUT = 0.02;
const SLOW = 0.04;
const LONGEST_DELAY_MS = 1500;
/** A cut comes within a million bytes, as often below a thousand as above: small answers are cut as well as videos. */
const CUT_WITHIN_DIGITS = 6;

/** A network as bad as networks can be: answers of 500 and 503, slow ones, and connections cut at any byte. */
export class BadNetwork {
  readonly #random: () => number;

  /** @param calm access key of the person at the keyboard, who is spared */
  constructor(
    seed: number,
    private readonly calm: string,
  ) {
    this.#random = seededRandom(seed);
  }

  /** @returns whether the request has been answered, badly, and is done with */
  async spoil({
    request,
    response,
  }: {
    request: IncomingMessage;
    response: ServerResponse;
  }): Promise<boolean> {
    if (request.headers.authorization?.includes(this.calm) === true) return false;
    const random = this.#random;
    if (random() < SLOW) await sleep(random() * LONGEST_DELAY_MS);
    if (random() < REFUSED) {
      refuse({ request, response }, random() < 0.5 ? 500 : 503);
      return true;
    }
    if (random() < CUT) cutAfter({ request, response }, Math.floor(10 ** (random() * CUT_WITHIN_DIGITS)));
    return false;
  }
}

function refuse(
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  status: 500 | 503,
): void {
  const code = status === 500 ? 'InternalError' : 'SlowDown';
  const isJson = request.headers['x-amz-target'] !== undefined;
  response.writeHead(status, {
    'content-type': isJson ? 'application/x-amz-json-1.0' : 'application/xml',
    connection: 'close',
  });
  response.end(
    isJson
      ? JSON.stringify({ __type: `com.amazonaws#${code}`, message: code })
      : `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
  );
}

/** Ends the connection when so many bytes have gone either way: what was asked for may have been done all the same. */
function cutAfter(
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  bytes: number,
): void {
  const { socket } = request;
  const receivedBefore = socket.bytesRead;
  let sent = 0;
  const isOver = (chunk: unknown): boolean => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) sent += Buffer.byteLength(chunk);
    const over = sent + socket.bytesRead - receivedBefore >= bytes;
    if (over) socket.destroy();
    return over;
  };
  const write = response.write.bind(response);
  const end = response.end.bind(response);
  response.write = (chunk: unknown): boolean => isOver(chunk) || write(chunk);
  response.end = (chunk?: unknown): ServerResponse => (isOver(chunk) ? response : end(chunk));
  // An upload is cut while it comes, before there is an answer.
  const looking = setInterval(() => isOver(undefined), 5);
  socket.once('close', () => clearInterval(looking));
  response.once('close', () => clearInterval(looking));
}
