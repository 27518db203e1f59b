import type { Order } from '../../core/order';
import type { Outcome, Usage } from '../reporter';

/** Orders that have ended, of which the last few are shown. */
const REMEMBERED = 8;

export interface OrderStatus {
  readonly jobId: string;
  readonly orderId: string;
  /** What it is about, such as `encode-chunk`. */
  readonly work: Order['work']['kind'];
  /** Name of the upload, without its folder. */
  readonly fileName: string;
  readonly outputs: readonly string[];
  readonly takenAt: string;
}

export interface EndedOrder extends OrderStatus {
  /** `crashed`: broken off by a fault of the worker. */
  readonly outcome: Outcome['kind'] | 'crashed';
  readonly heldSeconds: number;
}

/** What a worker shows of itself. Nothing in it is secret: no URL, no key, no credential. */
export interface StatusReport {
  readonly schema: 'spotreel.status/1';
  readonly at: string;
  readonly taskId: string;
  readonly startedAt: string;
  readonly state: 'waiting' | 'working' | 'stopping';
  /** The order in hand. */
  readonly order?: OrderStatus &
    Usage & {
      readonly percent: number;
      /** Media seconds encoded per second; 0 while nothing is encoded. */
      readonly speed: number;
      readonly heldSeconds: number;
    };
  /** The last orders that ended, newest first. */
  readonly ended: readonly EndedOrder[];
}

interface InHand {
  readonly order: OrderStatus;
  readonly usage: () => Usage;
  percent: number;
  speed: number;
}

/** Keeps what is shown of a worker. */
export class WorkerStatus {
  readonly #taskId: string;
  readonly #now: () => Date;
  readonly #stop: AbortSignal;
  readonly #startedAt: string;
  #inHand: InHand | undefined;
  #ended: readonly EndedOrder[] = [];

  constructor(options: { taskId: string; stop: AbortSignal; now?: () => Date }) {
    this.#taskId = options.taskId;
    this.#stop = options.stop;
    this.#now = options.now ?? ((): Date => new Date());
    this.#startedAt = this.#now().toISOString();
  }

  begin(order: Order, usage: () => Usage): void {
    this.#inHand = {
      order: {
        jobId: order.jobId,
        orderId: order.orderId,
        work: order.work.kind,
        fileName: order.source.fileName,
        outputs: order.outputs.map(({ name }) => name),
        takenAt: this.#now().toISOString(),
      },
      usage,
      percent: 0,
      speed: 0,
    };
  }

  progress(percent: number, speed: number): void {
    if (this.#inHand === undefined) return;
    this.#inHand.percent = Math.max(this.#inHand.percent, percent);
    this.#inHand.speed = speed;
  }

  /** @param outcome absent when the order was broken off by a fault of the worker */
  end(outcome: Outcome['kind'] | undefined): void {
    if (this.#inHand === undefined) return;
    const { order } = this.#inHand;
    const ended: EndedOrder = {
      ...order,
      outcome: outcome ?? 'crashed',
      heldSeconds: this.#secondsSince(order.takenAt),
    };
    this.#ended = [ended, ...this.#ended].slice(0, REMEMBERED);
    this.#inHand = undefined;
  }

  report(): StatusReport {
    const inHand = this.#inHand;
    return {
      schema: 'spotreel.status/1',
      at: this.#now().toISOString(),
      taskId: this.#taskId,
      startedAt: this.#startedAt,
      state: this.#stop.aborted ? 'stopping' : inHand === undefined ? 'waiting' : 'working',
      ...(inHand === undefined
        ? {}
        : {
            order: {
              ...inHand.order,
              ...inHand.usage(),
              percent: inHand.percent,
              speed: inHand.speed,
              heldSeconds: this.#secondsSince(inHand.order.takenAt),
            },
          }),
      ended: this.#ended,
    };
  }

  #secondsSince(isoTime: string): number {
    return Math.round((this.#now().getTime() - Date.parse(isoTime)) / 100) / 10;
  }
}
