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

/** What went wrong so far with requests to one service. */
export interface Spoilt {
  /** Answered with 500 or 503. */
  refused: number;
  slow: number;
  /** Connections cut before the exchange was over. */
  cut: number;
}

/** A network as bad as networks can be: answers of 500 and 503, slow ones, and connections cut at any byte. */
export class BadNetwork {
  readonly #random: () => number;
  readonly #spoilt: Record<string, Spoilt> = {};

  /** @param calm access key of the person at the keyboard, who is spared */
  constructor(
    seed: number,
    private readonly calm: string,
  ) {
    this.#random = seededRandom(seed);
  }

  /** By service: S3, SQS, ECS. */
  get spoilt(): Readonly<Record<string, Spoilt>> {
    return this.#spoilt;
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
    const spoilt = (this.#spoilt[serviceOf(request)] ??= { refused: 0, slow: 0, cut: 0 });
    if (random() < SLOW) {
      spoilt.slow += 1;
      await sleep(random() * LONGEST_DELAY_MS);
    }
    if (random() < REFUSED) {
      spoilt.refused += 1;
      refuse({ request, response }, random() < 0.5 ? 500 : 503);
      return true;
    }
    if (random() < CUT) {
      const bytes = Math.floor(10 ** (random() * CUT_WITHIN_DIGITS));
      cutAfter({ request, response, onCut: () => (spoilt.cut += 1) }, bytes);
    }
    return false;
  }
}

function serviceOf({ headers }: IncomingMessage): string {
  const target = String(headers['x-amz-target'] ?? '');
  if (target === '') return 'S3';
  return target.startsWith('AmazonSQS.') ? 'SQS' : 'ECS';
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
  { request, response, onCut }: { request: IncomingMessage; response: ServerResponse; onCut: () => void },
  bytes: number,
): void {
  const { socket } = request;
  const receivedBefore = socket.bytesRead;
  let sent = 0;
  const isOver = (chunk: unknown): boolean => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) sent += Buffer.byteLength(chunk);
    const over = sent + socket.bytesRead - receivedBefore >= bytes;
    if (over && !socket.destroyed) {
      onCut();
      socket.destroy();
    }
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
