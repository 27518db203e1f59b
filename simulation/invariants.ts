import type { JobRecord } from '../core/job';
import { isTerminal, jobRecordSchema } from '../core/job';
import type { Order } from '../core/order';
import type { Settings } from '../core/settings';
import { hasEachPartOnce } from './cutting';
import type { Task } from './fargate';
import type { Source, Storage, StoredFile } from './storage';

export interface Violation {
  readonly invariant: InvariantName;
  readonly message: string;
  readonly at: string;
}

/** What must always hold, in the words of a person who reads the verdicts. */
export const INVARIANTS = {
  I1: 'every accepted upload ends in one record, never changed after',
  I2: 'done means that every output is there and right',
  I3: 'no task outlives its expiry by two sweeps',
  I5: 'attempts are bounded, a corrupt input is never retried',
  I6: 'nothing signed in records, logs or metrics',
  I7: 'whatever was lost is repaired, with nothing left behind',
  I8: 'what was published is never changed by a late worker',
  I10: 'a reclaim costs one order at most',
} as const;

export type InvariantName = keyof typeof INVARIANTS;

/** Stands in every signed URL of the simulation. */
export const SIGNATURE = 'X-Amz-Signature=5ec4e7';
const SIGNED = /X-Amz-|5ec4e7/;

export interface InvariantsOptions {
  readonly storage: Storage;
  readonly settings: Settings;
  readonly now: () => Date;
  /** Reads every record and log line as a whole too; as slow as it is thorough. */
  readonly thorough: boolean;
  /** Whether orders may fail: the late report of a failure can look like a second loss of the task that stopped after it. */
  readonly ordersFail: boolean;
}

/** Looks at each change as it happens and keeps what was wrong. */
export class Invariants {
  readonly violations: Violation[] = [];
  readonly #options: InvariantsOptions;
  /** By task: sweeps that ran to their end since it should have been gone. */
  readonly #sweepsSinceExpiry = new Map<string, number>();

  constructor(options: InvariantsOptions) {
    this.#options = options;
  }

  fail(invariant: InvariantName, message: string): void {
    this.violations.push({ invariant, message, at: this.#options.now().toISOString() });
  }

  recordWritten(before: JobRecord | undefined, after: JobRecord): void {
    const { jobId } = after;
    if (before !== undefined && isTerminal(before.status))
      this.fail('I1', `job ${jobId} was ${before.status} and is written as ${after.status}`);
    if (after.status === 'done') {
      this.#checkDone(after);
      if (!this.#options.ordersFail) this.#checkLosses(after);
    }
    this.#checkAttempts(before, after);
    if (!this.#options.thorough) return;
    this.unsigned(`the record of ${jobId}`, after);
    const parsed = jobRecordSchema.safeParse(after);
    if (!parsed.success)
      this.fail('I1', `the record of ${jobId} cannot be read back: ${parsed.error.message}`);
  }

  unsigned(what: string, content: unknown): void {
    if (this.#options.thorough && SIGNED.test(JSON.stringify(content)))
      this.fail('I6', `${what} holds a signature`);
  }

  /** @param before what lay under the key */
  published(
    { jobId }: JobRecord,
    before: (StoredFile & { jobId: string }) | undefined,
    after: StoredFile,
  ): void {
    if (before === undefined || before.sha256 === after.sha256) return;
    const owner = this.#options.storage.records.get(before.jobId)?.job;
    if (before.jobId > jobId || (before.jobId === jobId && owner?.status === 'done'))
      this.fail('I8', `job ${jobId} replaced what ${before.jobId} had published`);
  }

  /** Parts are put together: each of them, once. */
  assembled(order: Order, source: Source): void {
    if (!hasEachPartOnce(order, source))
      this.fail('I2', `${order.jobId} is put together of ${order.inputs.map(({ id }) => id).join(', ')}`);
  }

  sweepEnded(live: readonly Task[]): void {
    const nowMs = this.#options.now().getTime();
    for (const task of live) {
      if (nowMs < task.expiresAtMs) continue;
      const sweeps = (this.#sweepsSinceExpiry.get(task.taskArn) ?? 0) + 1;
      this.#sweepsSinceExpiry.set(task.taskArn, sweeps);
      if (sweeps > 2) this.fail('I3', `task ${task.taskArn} lives ${sweeps} sweeps after its expiry`);
    }
  }

  #checkDone(job: JobRecord): void {
    const { storage } = this.#options;
    const truth = job.source === undefined ? undefined : storage.sources.get(job.source.versionId);
    const wanted = job.preset?.content.outputs.length;
    if (truth?.isCorrupt === true) this.fail('I2', `job ${job.jobId} is done, but its source is corrupt`);
    if (job.outputs.length !== wanted)
      this.fail('I2', `job ${job.jobId} is done with ${job.outputs.length} of ${wanted ?? 0} outputs`);
    for (const { key, sha256, sizeBytes } of job.outputs) {
      const there = storage.published.get(key);
      // A later upload of the same video may have been published between the copy and this write.
      if (there !== undefined && there.jobId > job.jobId) continue;
      if (there?.sha256 !== sha256 || there.sizeBytes !== sizeBytes || sha256 !== truth?.resultSha256)
        this.fail('I2', `job ${job.jobId} is done, but ${key} is not what it should be`);
    }
  }

  /** A task that is reclaimed takes no more with it than the one order that it had in hand. */
  #checkLosses(job: JobRecord): void {
    const lost = new Set<string>();
    for (const { attempts } of job.orders) {
      const finished = attempts.find(({ outcome }) => outcome === 'finished');
      for (const { taskArn, outcome, endedAt, generation } of attempts) {
        const isLoss = outcome === 'reclaimed' || outcome === 'killed';
        // Not lost when somebody else had the same order in hand, or its result was found after all.
        if (!isLoss || finished === undefined || finished.generation <= generation) continue;
        // A worker that goes on although its task was taken for stopped may be lost once more, later.
        const loss = `${taskArn} at ${endedAt ?? ''}`;
        if (lost.has(loss)) this.fail('I10', `task ${loss} took two orders of ${job.jobId} with it`);
        lost.add(loss);
      }
    }
  }

  #checkAttempts(before: JobRecord | undefined, after: JobRecord): void {
    const { settings } = this.#options;
    for (const order of after.orders) {
      const failures = order.attempts.filter(({ outcome }) =>
        ['failed', 'crashed', 'stalled'].includes(outcome ?? ''),
      );
      if (failures.length > settings.maxAttempts)
        this.fail('I5', `order ${order.orderId} of ${after.jobId} has ${failures.length} failed attempts`);
      const hopeless = failures.some(({ failure }) => failure?.retryable === false);
      const earlier = before?.orders.find(({ orderId }) => orderId === order.orderId);
      if (hopeless && earlier !== undefined && order.generation > earlier.generation)
        this.fail('I5', `order ${order.orderId} of ${after.jobId} is retried though its input is corrupt`);
    }
    // Reclaims are not counted, but a job's tasks must not multiply: a bound far above any honest run.
    if (after.launches.length > MOST_LAUNCHES)
      this.fail('I5', `job ${after.jobId} has asked for ${after.launches.length} tasks`);
  }
}

/** Of one job in a day, at fault rates that leave most tasks unharmed. */
const MOST_LAUNCHES = 120;
