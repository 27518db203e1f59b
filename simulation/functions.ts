import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Cloud } from '../handlers/cloud';
import type { Clock } from './clock';
import type { Faults } from './faults';
import { SIGNATURE } from './invariants';
import type { Delivery, MessageQueue } from './message-queue';
import type { Random } from './random';
import type { Call, CloudParts } from './simulated-cloud';
import { simulatedCloud } from './simulated-cloud';

export interface FunctionsOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: () => Faults;
  readonly parts: Omit<CloudParts, 'hide'>;
  /** Seconds that a call to AWS takes, at most; 0 makes every handler run in one go, and no call fail. */
  readonly callSeconds: number;
  /** Seconds for which an invocation counts as running for each call it made, beside those of the clock. */
  readonly busySecondsPerCall: number;
  readonly trace: (line: string) => void;
}

/** The Lambda service: runs handlers, each with a cloud of its own, in which each call may fail or be its last. */
export class Functions {
  readonly #options: FunctionsOptions;
  #calls = 0;

  /** For all invocations, when they run in one go and none can fail: a new one for each is most of their cost. */
  readonly #shared: Cloud | undefined;

  constructor(options: FunctionsOptions) {
    this.#options = options;
    if (options.callSeconds > 0) return;
    this.#shared = simulatedCloud({ ...options.parts, hide: () => undefined }, (_name, effect) => {
      this.#calls += 1;
      return Promise.resolve(effect());
    });
  }

  /** Calls that handlers have made to AWS so far. */
  get calls(): number {
    return this.#calls;
  }

  /** @param ended is told the result, or that there is none because the handler threw or died */
  invoke<Result>(
    run: (cloud: Cloud) => Promise<Result>,
    options: { hide?: CloudParts['hide']; ended: (result: { value: Result } | undefined) => void },
  ): void {
    const { clock, parts, busySecondsPerCall } = this.#options;
    const { hide = () => undefined } = options;
    const callsBefore = this.#calls;
    const ended = (result: { value: Result } | undefined): void => {
      const busySeconds = (this.#calls - callsBefore) * busySecondsPerCall;
      if (busySeconds > 0) clock.after(busySeconds, () => options.ended(result));
      else options.ended(result);
    };
    const died = (): void => ended(undefined);
    const cloud = this.#shared ?? simulatedCloud({ ...parts, hide }, this.#call(died));
    clock.spawn(
      async () => ended({ value: await run(cloud) }),
      () => ended(undefined),
    );
  }

  #call(died: () => void): Call {
    const { clock, random, faults, callSeconds, trace } = this.#options;
    let isDead = false;
    return async (name, effect) => {
      this.#calls += 1;
      if (callSeconds > 0) await clock.sleep(random.between(0.005, callSeconds));
      const { callFails, answerLost, lambdaCrash } = faults();
      if (random.chance(callFails)) throw serviceError(name, 'was refused');
      const result = effect();
      trace(name);
      if (callSeconds > 0) await clock.sleep(random.between(0, callSeconds));
      if (random.chance(lambdaCrash) && !isDead) {
        isDead = true;
        trace(`died after ${name}`);
        died();
      }
      // A process that has died runs no `catch` and no `finally`: nothing of it ever goes on.
      if (isDead) return new Promise<never>(() => undefined);
      if (random.chance(answerLost)) throw serviceError(name, 'was answered by an error');
      return result;
    };
  }
}

/** As the SDK's errors do, it carries the request with its signature. */
function serviceError(name: string, what: string): Error {
  return Object.assign(new Error(`${name} ${what}`), { $request: `https://s3.example/?${SIGNATURE}` });
}

/** An event source mapping: polls a queue and invokes a function with batches of its messages. */
export class EventSource {
  #running = 0;
  #mostRunning = 0;
  #isDue = false;

  constructor(
    private readonly options: {
      readonly queue: MessageQueue<string>;
      readonly functions: Functions;
      readonly clock: Clock;
      readonly handler: (cloud: Cloud) => (event: SQSEvent) => Promise<SQSBatchResponse>;
      readonly visibilitySeconds: number;
      readonly maxConcurrency: number;
      readonly pollSeconds: number;
    },
  ) {}

  /** Most invocations at once so far. */
  get mostRunning(): number {
    return this.#mostRunning;
  }

  /** A message has become visible. */
  poke(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.options.clock.after(this.options.pollSeconds, () => {
      this.#isDue = false;
      this.#poll();
    });
  }

  #poll(): void {
    const { queue, visibilitySeconds, maxConcurrency } = this.options;
    while (this.#running < maxConcurrency) {
      const batch = queue.receiveBatch({ most: 10, visibilitySeconds });
      if (batch.length === 0) return;
      this.#invoke(batch);
    }
  }

  #invoke(batch: readonly Delivery<string>[]): void {
    const { queue, functions, handler } = this.options;
    this.#running += 1;
    this.#mostRunning = Math.max(this.#mostRunning, this.#running);
    functions.invoke(cloud => handler(cloud)({ Records: batch.map(toRecord) }), {
      hide: (receiptHandle, seconds) => void queue.hide(receiptHandle, seconds),
      ended: result => {
        this.#running -= 1;
        if (result !== undefined) {
          const failed = new Set(result.value.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
          for (const { messageId, receiptHandle } of batch)
            if (!failed.has(messageId)) queue.remove(receiptHandle);
        }
        if (queue.visibleCount > 0) this.poke();
      },
    });
  }
}

function toRecord({ messageId, receiptHandle, receiveCount, body }: Delivery<string>): SQSRecord {
  return {
    messageId,
    receiptHandle,
    body,
    attributes: { ApproximateReceiveCount: String(receiveCount) },
  } as SQSRecord;
}
