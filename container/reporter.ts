import type { Chunk } from '../core/chunk';
import type { Order } from '../core/order';
import type { Failure, OutputFacts, Report, SourceFacts } from '../core/report';
import { shouldReport } from '../core/report-pace';
import type { Log } from './log';

/** What an order has cost so far. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly bytesRead: number;
}

export interface ReporterOptions {
  readonly order: Pick<Order, 'jobId' | 'orderId' | 'generation'>;
  readonly deliveryId: string;
  readonly taskArn: string;
  readonly usage: () => Usage;
  readonly send: (report: Report) => Promise<void>;
  readonly log: Log;
}

/** How an order ended. */
export type Outcome =
  | {
      readonly kind: 'finished';
      readonly source: SourceFacts;
      readonly outputs: OutputFacts[];
      readonly wholeBecause?: string;
    }
  /** The source is long, and cut into orders of its own. */
  | {
      readonly kind: 'planned';
      readonly source: SourceFacts;
      readonly chunks: Chunk[];
      readonly chunkFiles: string[];
    }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly source?: SourceFacts }
  /** Stopped before it was finished. */
  | { readonly kind: 'returned' };

/** Tells the other side how one delivery of an order gets on. */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #takenAtMs = Date.now();
  #last = { percent: 0, atMs: this.#takenAtMs };
  #now = { percent: 0, speed: 0 };
  /** Not told so far. */
  #source: SourceFacts | undefined;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  async started(): Promise<void> {
    await this.#options.send({ ...this.#base(), kind: 'started' });
  }

  async renew(): Promise<void> {
    await this.#options.send({ ...this.#base(), ...this.#usage(), kind: 'renew' });
  }

  async expired(): Promise<void> {
    await this.#options.send({ ...this.#base(), kind: 'expired' });
  }

  async ended(outcome: Outcome): Promise<void> {
    await this.#options.send(this.ending(outcome));
  }

  /** The report with which the order ends. */
  ending(outcome: Outcome): Report {
    return { ...this.#base(), ...this.#usage(), ...outcome };
  }

  /** What the source is, to be told with the next progress: what the encode will cost can then be foreseen. */
  found(source: SourceFacts): void {
    this.#source = source;
  }

  /** Takes note of progress; it is reported when there is enough of it. */
  note(percent: number, speed: number): void {
    this.#now = { percent: Math.min(100, Math.max(this.#now.percent, percent)), speed };
    this.tick();
  }

  /** Reports progress that is due, also when there is none: silence is taken for a fault. */
  tick(): void {
    const mark = { percent: this.#now.percent, atMs: Date.now() };
    if (!shouldReport(this.#last, mark)) return;
    this.#last = mark;
    const found = this.#source === undefined ? {} : { source: this.#source };
    this.#source = undefined;
    this.#options
      .send({ ...this.#base(), ...this.#usage(), ...this.#now, ...found, kind: 'progress' })
      .catch((error: unknown) => this.#options.log.warn('Progress could not be reported', { error }));
  }

  #base(): {
    schema: 'spotreel.report/1';
    at: string;
    worker: { taskArn: string };
    jobId: string;
    orderId: string;
    generation: number;
    deliveryId: string;
  } {
    const { order, deliveryId, taskArn } = this.#options;
    const { jobId, orderId, generation } = order;
    const at = new Date().toISOString();
    return { schema: 'spotreel.report/1', at, worker: { taskArn }, jobId, orderId, generation, deliveryId };
  }

  #usage(): { heldSeconds: number; cpuSeconds: number; bytesRead: number } {
    const { cpuSeconds, bytesRead } = this.#options.usage();
    return {
      heldSeconds: (Date.now() - this.#takenAtMs) / 1000,
      cpuSeconds: Math.round(cpuSeconds * 100) / 100,
      bytesRead,
    };
  }
}
