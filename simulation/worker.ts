import type { TicketAnswer } from '../core/delivery';
import { decideDelivery, fitsTask } from '../core/delivery';
import type { Order, OrderAccess } from '../core/order';
import type { Report } from '../core/report';
import type { Clock, Timer } from './clock';
import { SimulatedEncode } from './encode';
import type { Task, WorkerProcess } from './fargate';
import type { Faults } from './faults';
import type { Delivery, MessageQueue } from './message-queue';
import type { Random } from './random';
import type { Source, Storage } from './storage';

export interface WorkerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: () => Faults;
  readonly storage: Storage;
  readonly orders: MessageQueue<string>;
  /** Looked into before the other. */
  readonly urgentOrders: MessageQueue<string>;
  readonly reports: MessageQueue<string>;
  readonly leaseSeconds: number;
  readonly lingerSeconds: number;
  /** Seconds between two reports of progress. */
  readonly progressSeconds: number;
  /** ECS takes the task for stopped while its worker goes on. */
  readonly forsake: (taskArn: string) => void;
  readonly trace: (line: string) => void;
  /** A worker puts the parts of a source together. */
  readonly onAssembly: (order: Order, source: Source) => void;
}

/** One order in the hands of a worker. */
export interface Hand {
  readonly order: Order;
  readonly access: OrderAccess;
  readonly deliveryId: string;
  readonly receiptHandle: string;
  /** Where it came from. */
  readonly queue: MessageQueue<string>;
}

type Received = Delivery<string> & Pick<Hand, 'queue'>;

/** Urgent orders are not looked for meanwhile. */
const LONGEST_WAIT_SECONDS = 5;
const TOO_LARGE_PAUSE_SECONDS = 2;

/** The worker's process is gone; nothing that it would still have done is done. */
export class ProcessDied extends Error {}

/** A worker as `container/order-loop.ts` is one, but for ffmpeg: the same decisions, messages and order of steps. */
export class SimulatedWorker implements WorkerProcess {
  readonly #options: WorkerOptions;
  readonly #task: Task;
  #isStopping = false;
  #isKilled = false;
  #wake: (() => void) | undefined;
  #deliveries = 0;
  #ordersDone = 0;

  constructor(task: Task, options: WorkerOptions & { readonly exited: (exitCode: number) => void }) {
    this.#options = options;
    this.#task = task;
    options.clock.spawn(
      async () => {
        await this.#drainOrders();
        options.exited(0);
      },
      error => {
        options.exited(error instanceof ProcessDied ? 137 : 1);
      },
    );
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  get isKilled(): boolean {
    return this.#isKilled;
  }

  get taskArn(): string {
    return this.#task.taskArn;
  }

  terminate(): void {
    this.#isStopping = true;
    this.#wake?.();
  }

  kill(): void {
    this.#isKilled = true;
  }

  /** Waits, but not longer than until the worker has to stop. A worker that was killed never comes back from it. */
  pause(seconds: number): Promise<void> {
    return new Promise(resolve => {
      const { clock } = this.#options;
      const wake = (): void => {
        timer.cancel();
        this.#wake = undefined;
        if (!this.#isKilled) clock.resume(resolve);
      };
      const timer: Timer = clock.after(seconds, wake);
      this.#wake = wake;
      if (this.#isStopping) wake();
    });
  }

  /** As `pause`, but no signal is heeded: the whole machine stands still. */
  async freeze(seconds: number): Promise<void> {
    await this.#options.clock.sleep(seconds);
    if (this.#isKilled) await new Promise<never>(() => undefined);
  }

  /** @throws when SQS does not take it, which ends the worker */
  send(report: Report): void {
    const { random, faults, reports, trace } = this.#options;
    if (random.chance(faults().workerCallFails)) throw new Error('the report was not taken');
    trace(`report ${report.kind} ${report.worker.taskArn}`);
    reports.send(JSON.stringify(report));
  }

  base(): { schema: 'spotreel.report/1'; at: string; worker: { taskArn: string } } {
    return {
      schema: 'spotreel.report/1',
      at: this.#options.clock.iso(),
      worker: { taskArn: this.#task.taskArn },
    };
  }

  readTicket(ticketUrl: string): TicketAnswer {
    const url = new URL(ticketUrl);
    if (this.#options.clock.iso() >= (url.searchParams.get('expires') ?? '')) return { kind: 'refused' };
    const [, , jobId, orderId] = url.pathname.split('/');
    const ticket = this.#options.storage.tickets.get(`${jobId ?? ''}/${orderId ?? ''}`);
    return ticket === undefined ? { kind: 'absent' } : { kind: 'ticket', ticket };
  }

  async #drainOrders(): Promise<void> {
    const { clock, lingerSeconds } = this.#options;
    let busyUntilMs = clock.nowMs;
    while (!this.#isStopping) {
      const idleSeconds = (clock.nowMs - busyUntilMs) / 1000;
      const delivery = await this.#receive(Math.max(0, Math.ceil(lingerSeconds - idleSeconds)));
      if (delivery !== undefined && (await this.#handle(delivery)) !== 'left') {
        this.#deliveries += 1;
        busyUntilMs = clock.nowMs;
        continue;
      }
      if (!this.#isStopping && clock.nowMs - busyUntilMs >= lingerSeconds * 1000) {
        this.send({ ...this.base(), kind: 'idle', ordersDone: this.#ordersDone });
        await this.pause(0.2);
        return;
      }
    }
  }

  async #receive(waitSeconds: number): Promise<Received | undefined> {
    const { orders, urgentOrders, leaseSeconds } = this.#options;
    const [urgent] = urgentOrders.receiveBatch({ most: 1, visibilitySeconds: leaseSeconds });
    if (urgent !== undefined) return { ...urgent, queue: urgentOrders };
    const delivery = await this.#awaitOrder(waitSeconds);
    return delivery && { ...delivery, queue: orders };
  }

  #awaitOrder(waitSeconds: number): Promise<Delivery<string> | undefined> {
    const { orders, leaseSeconds, clock } = this.#options;
    return new Promise(resolve => {
      const give = (delivery: Delivery<string> | undefined): void => {
        this.#wake = undefined;
        if (!this.#isKilled) clock.resume(() => resolve(delivery));
      };
      const cancel = orders.receive(
        { waitSeconds: Math.min(waitSeconds, LONGEST_WAIT_SECONDS), visibilitySeconds: leaseSeconds },
        give,
      );
      if (this.#isStopping) return;
      this.#wake = () => {
        cancel();
        give(undefined);
      };
    });
  }

  async #handle(delivery: Received): Promise<'worked' | 'dropped' | 'left'> {
    this.#wake = undefined;
    const { clock } = this.#options;
    const { queue } = delivery;
    const order = JSON.parse(delivery.body) as Order;
    const { vcpu, memoryGiB } = this.#task;
    if (!fitsTask(order, { vcpu, memoryMiB: memoryGiB * 1024 })) {
      queue.hide(delivery.receiptHandle, TOO_LARGE_PAUSE_SECONDS);
      return 'left';
    }
    const deliveryId = `${this.#task.taskArn.split('/').at(-1) ?? ''}-${this.#deliveries + 1}`;
    const { jobId, orderId, generation } = order;
    const decision = decideDelivery(order, this.readTicket(order.access.ticketUrl), clock.now());
    switch (decision.kind) {
      case 'stale':
        queue.remove(delivery.receiptHandle);
        return 'dropped';
      case 'expired':
        this.send({ ...this.base(), jobId, orderId, generation, deliveryId, kind: 'expired' });
        queue.remove(delivery.receiptHandle);
        return 'dropped';
      case 'run': {
        const hand: Hand = {
          order,
          deliveryId,
          access: decision.access,
          receiptHandle: delivery.receiptHandle,
          queue,
        };
        await new SimulatedEncode(this, hand, this.#options).run();
        this.#ordersDone += 1;
        return 'worked';
      }
    }
  }
}
