import type { Cloud } from './cloud';

/** What a sweep does, by kind. */
const COUNTED = {
  /** Jobs made of uploads that no event told of, and of those that users asked for again. */
  jobsMade: undefined,
  jobsRepaired: undefined,
  /** Orders sent to the queue, most of them again. */
  ordersReissued: 'OrdersReissued',
  tasksStarted: undefined,
  tasksStopped: undefined,
  uploadsAborted: 'UploadsAborted',
  objectsRemoved: 'ObjectsRemoved',
  bytesRemoved: 'BytesRemoved',
} as const;

export type SweepCount = keyof typeof COUNTED;

const KINDS = Object.keys(COUNTED) as SweepCount[];

/** Adds up what one sweep does, wherever in it that is done, and tells it in one line and in metrics. */
export class SweepTally {
  readonly #counts = new Map<SweepCount, number>(KINDS.map(kind => [kind, 0]));
  readonly #startedAt: Date;

  constructor(private readonly cloud: Pick<Cloud, 'now' | 'log' | 'measure'>) {
    this.#startedAt = cloud.now();
  }

  add(kind: SweepCount, count: number): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + count);
  }

  /** The same cloud, with every call counted that does something a sweep is asked about. */
  counting(cloud: Cloud): Cloud {
    const { jobs, orders, tasks } = cloud;
    return {
      ...cloud,
      jobs: {
        ...jobs,
        create: async job => {
          const created = await jobs.create(job);
          if (created !== undefined) this.add('jobsMade', 1);
          return created;
        },
      },
      orders: {
        ...orders,
        send: async (order, options) => {
          await orders.send(order, options);
          this.add('ordersReissued', 1);
        },
      },
      tasks: {
        ...tasks,
        start: async (job, launch, place) => {
          const result = await tasks.start(job, launch, place);
          if (result.kind === 'started') this.add('tasksStarted', 1);
          return result;
        },
        stop: async (taskArn, reason) => {
          await tasks.stop(taskArn, reason);
          this.add('tasksStopped', 1);
        },
      },
    };
  }

  /** Says what was done, if anything was. Tasks and jobs have metrics of their own, wherever they are made. */
  tell(): void {
    const counts = Object.fromEntries(this.#counts);
    if (Object.values(counts).every(count => count === 0)) return;
    const seconds = (this.cloud.now().getTime() - this.#startedAt.getTime()) / 1000;
    this.cloud.log.info('Sweep done', { sweep: { ...counts, seconds } });
    for (const kind of KINDS) {
      const [name, value] = [COUNTED[kind], this.#counts.get(kind) ?? 0];
      if (name !== undefined && value > 0) this.cloud.measure({ name, value });
    }
  }
}
