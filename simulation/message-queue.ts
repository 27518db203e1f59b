import type { Clock, Timer } from './clock';
import type { Faults } from './faults';
import type { Random } from './random';

export interface Delivery<Body> {
  readonly body: Body;
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly receiveCount: number;
}

interface Message<Body> {
  readonly messageId: string;
  readonly body: Body;
  readonly sentAtMs: number;
  receiveCount: number;
  /** Which receive the newest handle is of; older handles are stale. */
  inFlight: Timer | undefined;
}

interface Waiter<Body> {
  readonly give: (delivery: Delivery<Body> | undefined) => void;
  readonly visibilitySeconds: number;
  readonly timeout: Timer;
}

export interface QueueOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: () => Faults;
  /** Receives after which a message becomes a dead letter. */
  readonly maxReceiveCount: number;
  /** Whether any visible message may be the next: always on SQS, but first come, first served is what mostly happens. */
  readonly shuffled: boolean;
  /** A message was received for the first time, so long after it was sent. */
  readonly onFirstReceive?: (waitedSeconds: number) => void;
  /** A message is there to be received, and nobody waits for it. */
  readonly onVisible?: () => void;
}

/** A standard SQS queue: at least once, in no order, each receive with a handle of its own. */
export class MessageQueue<Body> {
  readonly #options: QueueOptions;
  readonly #visible: Message<Body>[] = [];
  #head = 0;
  readonly #inFlight = new Map<string, Message<Body>>();
  readonly #waiters = new Set<Waiter<Body>>();
  #delayed = 0;
  #sent = 0;
  readonly deadLetters: Body[] = [];

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.visibleCount === 0 && this.#inFlight.size === 0 && this.#delayed === 0;
  }

  get visibleCount(): number {
    return this.#visible.length - this.#head;
  }

  send(body: Body): void {
    const { random, faults } = this.#options;
    const { messageLost, duplicated } = faults();
    if (random.chance(messageLost)) return;
    this.#enqueue(body);
    if (random.chance(duplicated)) this.#enqueue(body);
  }

  /** Gives a message as soon as there is one, or undefined when the wait is over. */
  receive(
    options: { waitSeconds: number; visibilitySeconds: number },
    give: (delivery: Delivery<Body> | undefined) => void,
  ): () => void {
    const { visibilitySeconds } = options;
    const message = this.#takeVisible();
    if (message !== undefined) {
      give(this.#deliver(message, visibilitySeconds));
      return () => undefined;
    }
    const waiter: Waiter<Body> = {
      give,
      visibilitySeconds,
      timeout: this.#options.clock.after(options.waitSeconds, () => {
        this.#waiters.delete(waiter);
        give(undefined);
      }),
    };
    this.#waiters.add(waiter);
    return () => {
      waiter.timeout.cancel();
      this.#waiters.delete(waiter);
    };
  }

  /** Several at once, without waiting. */
  receiveBatch(options: { most: number; visibilitySeconds: number }): Delivery<Body>[] {
    const batch: Delivery<Body>[] = [];
    while (batch.length < options.most) {
      const message = this.#takeVisible();
      if (message === undefined) break;
      batch.push(this.#deliver(message, options.visibilitySeconds));
    }
    return batch;
  }

  hide(receiptHandle: string, seconds: number): 'hidden' | 'gone' {
    const message = this.#byHandle(receiptHandle);
    if (message === undefined) return 'gone';
    this.#putBackAfter(message, seconds);
    return 'hidden';
  }

  /** A stale handle deletes nothing and is no error, as on SQS. */
  remove(receiptHandle: string): void {
    const message = this.#byHandle(receiptHandle);
    if (message === undefined) return;
    if (message.inFlight !== undefined) message.inFlight.cancel();
    this.#inFlight.delete(message.messageId);
  }

  #enqueue(body: Body): void {
    const { clock, random, faults, name } = this.#options;
    this.#sent += 1;
    const message: Message<Body> = {
      messageId: `${name}-${this.#sent}`,
      body,
      sentAtMs: clock.nowMs,
      receiveCount: 0,
      inFlight: undefined,
    };
    if (!random.chance(faults().delayed)) {
      this.#show(message);
      return;
    }
    this.#delayed += 1;
    clock.after(random.between(0, 600), () => {
      this.#delayed -= 1;
      this.#show(message);
    });
  }

  #show(message: Message<Body>): void {
    if (message.receiveCount >= this.#options.maxReceiveCount) {
      this.deadLetters.push(message.body);
      return;
    }
    const [waiter] = this.#waiters;
    if (waiter === undefined) {
      this.#visible.push(message);
      this.#options.onVisible?.();
      return;
    }
    this.#waiters.delete(waiter);
    waiter.timeout.cancel();
    waiter.give(this.#deliver(message, waiter.visibilitySeconds));
  }

  #takeVisible(): Message<Body> | undefined {
    if (this.visibleCount === 0) return undefined;
    if (this.#options.shuffled) {
      const at = this.#head + this.#options.random.index(this.visibleCount);
      const [first, chosen] = [this.#visible[this.#head], this.#visible[at]];
      if (first !== undefined && chosen !== undefined) {
        this.#visible[at] = first;
        this.#visible[this.#head] = chosen;
      }
    }
    const message = this.#visible[this.#head];
    this.#head += 1;
    if (this.#head > 1024 && this.#head * 2 > this.#visible.length) {
      this.#visible.splice(0, this.#head);
      this.#head = 0;
    }
    return message;
  }

  #deliver(message: Message<Body>, visibilitySeconds: number): Delivery<Body> {
    message.receiveCount += 1;
    if (message.receiveCount === 1)
      this.#options.onFirstReceive?.((this.#options.clock.nowMs - message.sentAtMs) / 1000);
    this.#inFlight.set(message.messageId, message);
    this.#putBackAfter(message, visibilitySeconds);
    const { messageId, body, receiveCount } = message;
    return { messageId, body, receiveCount, receiptHandle: `${messageId}/${receiveCount}` };
  }

  #putBackAfter(message: Message<Body>, seconds: number): void {
    if (message.inFlight !== undefined) message.inFlight.cancel();
    message.inFlight = this.#options.clock.after(seconds, () => {
      message.inFlight = undefined;
      this.#inFlight.delete(message.messageId);
      this.#show(message);
    });
  }

  #byHandle(receiptHandle: string): Message<Body> | undefined {
    const slash = receiptHandle.lastIndexOf('/');
    const message = this.#inFlight.get(receiptHandle.slice(0, slash));
    return message?.receiveCount === Number(receiptHandle.slice(slash + 1)) ? message : undefined;
  }
}
