import type { Decision } from '../core/attempts';
import { sealed } from '../core/attempts';
import type { JobRecord, Pending } from '../core/job';
import { isTerminal } from '../core/job';
import { metricsOfChange } from '../core/metrics-of-change';
import { concurrently } from '../core/concurrently';
import { duePending, isSamePending } from '../core/pending';
import { describeError } from './batch';
import { closeJob } from './close-job';
import type { Cloud, NetworkPlace, StoredJob } from './cloud';
import { fulfil } from './fulfil';
import { perform } from './perform-acts';

/** Writers of one record at a time are few; more conflicts than this mean that something else is wrong. */
const MAX_CONFLICTS = 20;

/** Calls of one handler that are under way at once. */
const MOST_AT_ONCE = 10;

/** Jobs whose outputs one handler copies at once. */
const PUBLISHED_AT_ONCE = 5;

/** Changes a job's record and leaves what it promises to others. */
export async function noteInJob(
  cloud: Cloud,
  jobId: string,
  decide: (job: JobRecord) => Decision,
): Promise<void> {
  const stored = await cloud.jobs.read(jobId);
  if (stored !== undefined) await writeDecision(cloud, stored, decide);
}

/**
 * Reads a job, decides, writes the record only if it has not changed meanwhile, and then does what was decided.
 * The record is written first: what it promises is done afterwards, by this call or, after a crash, by the next.
 */
export async function changeJob(
  cloud: Cloud,
  { jobId, leave }: { jobId: string } & Pick<CarryOutOptions, 'leave'>,
  decide: (job: JobRecord) => Decision,
): Promise<LeftOver | undefined> {
  const stored = await cloud.jobs.read(jobId);
  if (stored === undefined) {
    cloud.log.warn('There is no record of this job', { jobId });
    return undefined;
  }
  const { before, after, decision } = await writeDecision(cloud, stored, decide);
  if (decision.kind === 'unchanged') cloud.log.info('Nothing to change', { jobId, reason: decision.reason });
  await perform(cloud, after, decision.acts);
  const due = duePending(after.job, { before, now: cloud.now() });
  return carryOut(cloud, after, { due, ...(leave === undefined ? {} : { leave }) });
}

/** What of a job's promises was due and left to others, or for later. */
export interface LeftOver {
  readonly stored: StoredJob;
  readonly due: readonly Pending[];
}

export interface CarryOutOptions {
  /** What is left to others, because this stage may not do it. */
  readonly leave?: Pending['kind'];
  /** What is to be done of all that is promised; the rest is in the hands of others. Default: everything. */
  readonly due?: readonly Pending[];
  /** The network to start tasks in, where networks are made for jobs. Without it the stage that makes them is asked. */
  readonly place?: NetworkPlace;
}

/**
 * Does what a record promises, and what comes of that; then closes the job if it has ended. Items of one kind are done
 * at once, and one write of the record settles them all.
 */
export async function carryOut(
  cloud: Cloud,
  stored: StoredJob,
  options: CarryOutOptions = {},
): Promise<LeftOver | undefined> {
  let current = stored;
  let due = options.due ?? stored.job.pending;
  const { place } = options;
  const left = leftToOthers(cloud, options);
  for (let batch = nextItems(due, left); batch.length > 0; batch = nextItems(due, left)) {
    const { job } = current;
    const done = await Promise.all(batch.map(item => fulfil(cloud, job, { item, place })));
    const { before, after } = await writeDecision(cloud, current, newest => ({
      kind: 'changed',
      job: sealed(
        done.reduce((next, { settle }) => settle(next), newest),
        { now: cloud.now(), settings: cloud.settings },
      ),
      acts: [],
    }));
    await perform(
      cloud,
      after,
      done.flatMap(({ acts }) => acts),
    );
    const open = due.filter(item => !batch.includes(item) && isPromised(after.job, item));
    const added = after.job.pending.filter(item => !before.some(other => isSamePending(other, item)));
    due = [...open, ...added];
    current = after;
  }
  if (isTerminal(current.job.status)) await closeJob(cloud, current.job);
  else if (place === undefined && due.some(({ kind }) => kind === 'launchTask'))
    await cloud.networkRequests?.ask({ kind: 'want', jobId: current.job.jobId });
  return due.length === 0 ? undefined : { stored: current, due };
}

/** Publishes what was left for later: it may take minutes, and must keep nothing else waiting. One that fails is left to the sweep. */
export async function publishLater(cloud: Cloud, later: readonly (LeftOver | undefined)[]): Promise<void> {
  const publishing = later.flatMap(left => {
    const due = left?.due.filter(({ kind }) => kind === 'publish') ?? [];
    return left === undefined || due.length === 0 ? [] : [{ stored: left.stored, due }];
  });
  await concurrently(publishing, { atOnce: PUBLISHED_AT_ONCE }, async ({ stored, due }) => {
    try {
      await carryOut(cloud, stored, { due });
    } catch (error) {
      cloud.log.error('A job could not be published', {
        jobId: stored.job.jobId,
        error: describeError(error),
      });
    }
  });
}

function leftToOthers(cloud: Cloud, { leave, place }: CarryOutOptions): readonly Pending['kind'][] {
  // A task can only be started where its network is at hand.
  const awaitsNetwork = cloud.networkRequests !== undefined && place === undefined;
  return [...(leave === undefined ? [] : [leave]), ...(awaitsNetwork ? (['launchTask'] as const) : [])];
}

function isPromised({ pending }: JobRecord, item: Pending): boolean {
  return pending.some(other => isSamePending(other, item));
}

/** The first item, and as many of its kind as are well done at once. */
function nextItems(due: readonly Pending[], left: readonly Pending['kind'][]): Pending[] {
  const items = due.filter(({ kind }) => !left.includes(kind));
  return items.filter(({ kind }) => kind === items[0]?.kind).slice(0, MOST_AT_ONCE);
}

async function writeDecision(
  cloud: Cloud,
  stored: StoredJob,
  decide: (job: JobRecord) => Decision,
): Promise<{ before: readonly Pending[]; after: StoredJob; decision: Decision }> {
  let current = stored;
  for (let conflicts = 0; conflicts <= MAX_CONFLICTS; conflicts += 1) {
    // Once terminal, never changed, whatever anybody decides.
    const decision: Decision = isTerminal(current.job.status)
      ? asUnchanged(decide(current.job))
      : decide(current.job);
    const before = current.job.pending;
    if (decision.kind === 'unchanged') return { before, after: current, decision };
    const after = await cloud.jobs.replace(decision.job, current.etag);
    if (after !== undefined) {
      for (const measurement of metricsOfChange(current.job, after.job)) cloud.measure(measurement);
      return { before, after, decision };
    }
    const newest = await cloud.jobs.read(stored.job.jobId);
    if (newest === undefined) throw new Error(`The record of job ${stored.job.jobId} has vanished`);
    current = newest;
  }
  throw new Error(
    `The record of job ${stored.job.jobId} was changed by others ${MAX_CONFLICTS} times in a row`,
  );
}

function asUnchanged(decision: Decision): Decision {
  return decision.kind === 'unchanged'
    ? decision
    : { kind: 'unchanged', reason: 'the job has ended', acts: [] };
}
