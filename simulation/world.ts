import { createHash } from 'node:crypto';
import type { JobRecord } from '../core/job';
import type { Measurement } from '../core/metrics-of-change';
import type { Settings } from '../core/settings';
import { settingsSchema } from '../core/settings';
import { completionHandler } from '../handlers/completion';
import { intakeHandler } from '../handlers/intake';
import { sweepHandler } from '../handlers/sweep';
import { taskStateHandler } from '../handlers/task-state';
import { Clock } from './clock';
import type { Task } from './fargate';
import { Fargate } from './fargate';
import type { Faults } from './faults';
import { NO_FAULTS } from './faults';
import { EventSource, Functions } from './functions';
import { Invariants } from './invariants';
import { MessageQueue } from './message-queue';
import { Random } from './random';
import { Storage } from './storage';
import { SimulatedWorker } from './worker';

export interface WorldOptions {
  readonly seed: number;
  readonly start: Date;
  readonly faults?: Partial<Faults>;
  readonly settings?: Partial<Settings>;
  readonly sweepMinutes?: number;
  /** Seconds that one call of a handler to AWS takes at most; 0 for none, which is fast and lets no two handlers race. */
  readonly callSeconds: number;
  readonly progressSeconds: number;
  /** Checks every record and log line as a whole, shuffles the queues and hashes all that happens. */
  readonly thorough: boolean;
  /** Functions that read one queue at once. Default 10, as the stack has it. */
  readonly maxConcurrency?: number;
  /** Seconds for which a function counts as running for each call it made, where calls take no time of the clock. Default 0. */
  readonly busySecondsPerCall?: number;
  readonly onWrite?: (before: JobRecord | undefined, after: JobRecord) => void;
  readonly onClosed?: (jobId: string) => void;
  readonly onMeasure?: (measurement: Measurement) => void;
  readonly onRunTask?: () => void;
  readonly onTaskCreated?: (task: Task) => void;
  readonly onTaskStopped?: (task: Task) => void;
  readonly onOrderReceived?: (waitedSeconds: number) => void;
  /** A sweep has ended, having made so many calls. */
  readonly onSweep?: (calls: number) => void;
}

const LEASE_SECONDS = 120;
const LINGER_SECONDS = 5;
/** Six times the time limits of the functions, as the stack has it. */
const INTAKE_VISIBILITY_SECONDS = 720;
const REPORT_VISIBILITY_SECONDS = 5400;
/** What EventBridge and Lambda do with an event whose function failed: twice more, after a minute and two. */
const RETRY_SECONDS = [60, 120];

/** The whole pipeline with the real handlers, on a clock of its own. */
export class World {
  readonly clock: Clock;
  readonly storage = new Storage();
  readonly fargate: Fargate;
  readonly invariants: Invariants;
  readonly orders: MessageQueue<string>;
  readonly urgentOrders: MessageQueue<string>;
  readonly reports: MessageQueue<string>;
  readonly intake: MessageQueue<string>;
  readonly functions: Functions;
  readonly intakeSource: EventSource;
  readonly reportSource: EventSource;
  readonly settings: Settings;
  readonly random: Random;
  readonly #options: WorldOptions;
  readonly #hash = createHash('sha256');
  #faults: Faults;
  #traced: string[] | undefined;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#faults = { ...NO_FAULTS, ...options.faults };
    this.clock = new Clock(options.start);
    this.random = new Random(options.seed);
    this.settings = { ...settingsSchema.parse({}), ...options.settings };
    const { clock, storage, settings } = this;
    const common = { clock, faults: (): Faults => this.#faults };
    const trace = (line: string): void => this.#trace(line);
    this.invariants = new Invariants({
      storage,
      settings,
      now: () => clock.now(),
      thorough: options.thorough,
      ordersFail: [this.#faults.encodeFails, this.#faults.longEncode, this.#faults.workerCallFails].some(
        probability => probability > 0,
      ),
    });
    this.fargate = new Fargate({
      ...{ ...common, settings, trace, random: this.random.fork() },
      startWorker: (task, exited) => this.#startWorker(task, exited),
      onStopped: task => this.#taskStopped(task),
      onRunTask: options.onRunTask ?? (() => undefined),
      onCreated: options.onTaskCreated ?? (() => undefined),
    });
    const queue = (name: string, maxReceiveCount: number): MessageQueue<string> =>
      new MessageQueue<string>({
        ...{ ...common, name, maxReceiveCount, random: this.random.fork(), shuffled: options.thorough },
        onVisible: () => this.#pollerOf(name)?.poke(),
        ...(name === 'orders' && options.onOrderReceived !== undefined
          ? { onFirstReceive: options.onOrderReceived }
          : {}),
      });
    this.orders = queue('orders', 20);
    this.urgentOrders = queue('urgent', 20);
    this.reports = queue('reports', 5);
    this.intake = queue('intake', 5);
    this.functions = new Functions({
      ...{ ...common, trace, random: this.random.fork(), callSeconds: options.callSeconds },
      busySecondsPerCall: options.busySecondsPerCall ?? 0,
      parts: {
        ...{
          settings,
          storage,
          orders: this.orders,
          urgentOrders: this.urgentOrders,
          fargate: this.fargate,
          invariants: this.invariants,
        },
        now: () => clock.now(),
        onMeasure: options.onMeasure ?? (() => undefined),
        onWrite: (before, after) => {
          this.#trace(`write ${after.jobId} ${after.status} ${JSON.stringify(after.pending)}`);
          options.onWrite?.(before, after);
        },
        onClosed: options.onClosed ?? (() => undefined),
        ignoresCondition: () => this.random.chance(this.#faults.conditionIgnored),
      },
    });
    const poll = {
      ...{ functions: this.functions, clock, pollSeconds: options.thorough ? 0.05 : 1 },
      maxConcurrency: options.maxConcurrency ?? 10,
    };
    this.intakeSource = new EventSource({
      ...{ ...poll, queue: this.intake, handler: intakeHandler },
      visibilitySeconds: INTAKE_VISIBILITY_SECONDS,
    });
    this.reportSource = new EventSource({
      ...{ ...poll, queue: this.reports, handler: completionHandler },
      visibilitySeconds: REPORT_VISIBILITY_SECONDS,
    });
    this.#sweepLater();
  }

  /** From now on nothing goes wrong any more. */
  endFaults(): void {
    this.#faults = NO_FAULTS;
  }

  /** S3 tells of a new object. */
  announce(key: string): void {
    this.#event(() => {
      const encoded = key.split('/').map(encodeURIComponent).join('/');
      this.intake.send(
        JSON.stringify({ Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key: encoded } } }] }),
      );
    });
  }

  /** Whether nothing is left to happen but sweeps that find nothing. */
  get isQuiet(): boolean {
    return (
      this.storage.open.size === 0 &&
      this.storage.waiting.size === 0 &&
      this.storage.requests.size === 0 &&
      this.orders.isEmpty &&
      this.urgentOrders.isEmpty &&
      this.intake.isEmpty &&
      this.reports.isEmpty &&
      this.fargate.liveCount === 0
    );
  }

  /** What has happened, as one number: equal for two runs that did the same. */
  traceHash(): string {
    return this.#hash.copy().digest('hex');
  }

  /** Keeps what happens from here on as text, for a person to read. */
  keepTrace(): string[] {
    this.#traced ??= [];
    return this.#traced;
  }

  #pollerOf(queue: string): EventSource | undefined {
    return queue === 'intake' ? this.intakeSource : queue === 'reports' ? this.reportSource : undefined;
  }

  #trace(line: string): void {
    if (!this.#options.thorough) return;
    const stamped = `${this.clock.iso()} ${line}`;
    this.#hash.update(stamped);
    this.#traced?.push(stamped);
  }

  #startWorker(task: Task, exited: (exitCode: number) => void): SimulatedWorker {
    const { clock, storage, orders, urgentOrders, reports } = this;
    return new SimulatedWorker(task, {
      ...{ clock, storage, orders, urgentOrders, reports, exited, random: this.random.fork() },
      faults: () => this.#faults,
      leaseSeconds: LEASE_SECONDS,
      lingerSeconds: LINGER_SECONDS,
      progressSeconds: this.#options.progressSeconds,
      forsake: taskArn => this.fargate.forsake(taskArn),
      trace: line => this.#trace(line),
      onAssembly: (order, source) => this.invariants.assembled(order, source),
    });
  }

  #taskStopped(task: Task): void {
    this.#options.onTaskStopped?.(task);
    const event = taskStateEvent(task, this.clock.iso());
    this.#event(() => this.#invokeAsync(cloud => taskStateHandler(cloud)(event)));
  }

  /** An event on its way: it may be lost, doubled or late. */
  #event(deliver: () => void): void {
    const { eventLost, duplicated, delayed } = this.#faults;
    const { random, clock } = this;
    const copies = random.chance(eventLost) ? 0 : random.chance(duplicated) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1)
      clock.after(random.chance(delayed) ? random.between(1, 600) : random.between(0.1, 1), deliver);
  }

  #invokeAsync(run: Parameters<Functions['invoke']>[0], failures = 0): void {
    this.functions.invoke(run, {
      ended: result => {
        const wait = RETRY_SECONDS[failures];
        if (result === undefined && wait !== undefined)
          this.clock.after(wait, () => this.#invokeAsync(run, failures + 1));
      },
    });
  }

  #sweepLater(): void {
    this.clock.after((this.#options.sweepMinutes ?? 5) * 60, () => {
      this.#sweepLater();
      if (this.random.chance(this.#faults.eventLost)) return;
      const callsBefore = this.functions.calls;
      this.functions.invoke(cloud => sweepHandler(cloud)(), {
        ended: result => {
          if (result === undefined) return;
          this.invariants.sweepEnded(this.fargate.wanted());
          this.#options.onSweep?.(this.functions.calls - callsBefore);
        },
      });
    });
  }
}

function taskStateEvent(task: Task, time: string): object {
  const iso = (ms: number): string => new Date(ms).toISOString();
  return {
    'detail-type': 'ECS Task State Change',
    time,
    detail: {
      taskArn: task.taskArn,
      lastStatus: 'STOPPED',
      startedBy: task.startedBy,
      capacityProviderName: task.capacityProvider,
      cpu: String(task.vcpu * 1024),
      memory: String(task.memoryGiB * 1024),
      createdAt: iso(task.createdAtMs),
      ...(task.pullStartedAtMs === undefined ? {} : { pullStartedAt: iso(task.pullStartedAtMs) }),
      stoppedAt: time,
      ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode }),
      ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
      containers: [task.exitCode === undefined ? {} : { exitCode: task.exitCode }],
    },
  };
}
