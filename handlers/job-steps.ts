import type { Act, Decision } from '../core/attempts';
import { findOrder, sealed, withOrder } from '../core/attempts';
import type { PublishResult } from '../core/completion';
import { settlePublish } from '../core/completion';
import type { JobRecord, Pending } from '../core/job';
import { isTerminal } from '../core/job';
import { settleLaunch } from '../core/launch';
import { metricsOfChange } from '../core/metrics-of-change';
import type { Cloud, NetworkPlace, StoredJob } from './cloud';
import { issueOrder } from './issue-order';

/** Writers of one record at a time are few; more conflicts than this mean that something else is wrong. */
const MAX_CONFLICTS = 20;

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
  jobId: string,
  decide: (job: JobRecord) => Decision,
): Promise<void> {
  const stored = await cloud.jobs.read(jobId);
  if (stored === undefined) {
    cloud.log.warn('There is no record of this job', { jobId });
    return;
  }
  const { after, decision } = await writeDecision(cloud, stored, decide);
  if (decision.kind === 'unchanged') cloud.log.info('Nothing to change', { jobId, reason: decision.reason });
  await perform(cloud, after, decision.acts);
  if (decision.kind === 'changed') await carryOut(cloud, after);
}

export interface CarryOutOptions {
  /** What is left to others, because this stage may not do it. */
  readonly leave?: Pending['kind'];
  /** The network to start tasks in, where networks are made for jobs. */
  readonly place?: NetworkPlace;
}

/**
 * Does what a record promises, one item after the other, until it promises nothing; then closes the job if it has ended.
 */
export async function carryOut(
  cloud: Cloud,
  stored: StoredJob,
  options: CarryOutOptions = {},
): Promise<void> {
  const left = new Set(options.leave === undefined ? [] : [options.leave]);
  // A task can only be started where its network is at hand; the network stage is asked for the others.
  if (cloud.networkRequests !== undefined && options.place === undefined) {
    left.add('launchTask');
    if (stored.job.pending.some(({ kind }) => kind === 'launchTask'))
      await cloud.networkRequests.ask({ kind: 'want', jobId: stored.job.jobId });
  }
  const nextItem = ({ job }: StoredJob): Pending | undefined =>
    job.pending.find(({ kind }) => !left.has(kind));
  let current = stored;
  for (let item = nextItem(current); item !== undefined; item = nextItem(current)) {
    const settle = await fulfil(cloud, current.job, { item, place: options.place });
    const { after } = await writeDecision(cloud, current, job => ({
      kind: 'changed',
      job: sealed(settle(job), { now: cloud.now(), settings: cloud.settings }),
      acts: [],
    }));
    current = after;
  }
  if (isTerminal(current.job.status)) await closeJob(cloud, current.job);
}

/** Tells the user, clears the work away and takes the job from the list of open ones. Safe to repeat. */
export async function closeJob(cloud: Cloud, job: JobRecord): Promise<void> {
  const { status } = job;
  if (!isTerminal(status)) return;
  if ((await supersededBy(cloud, job)) === undefined) await cloud.outbox.writeSummary({ ...job, status });
  await cloud.work.clear(job);
  // Last: as long as the marker is there, the sweep closes the job again.
  await cloud.jobs.clearOpen(job.jobId);
  cloud.log.info('Job closed', { jobId: job.jobId, status, code: job.failure?.code });
}

/** Ids sort by the time of the upload: what a later one came to is what stands in the outbox. */
async function supersededBy(cloud: Cloud, job: JobRecord): Promise<string | undefined> {
  const other = await cloud.outbox.summarizedJob(job.videoKey);
  return other !== undefined && other > job.jobId ? other : undefined;
}

async function publish(cloud: Cloud, job: JobRecord, orderId: string): Promise<PublishResult> {
  const order = findOrder(job, orderId);
  if (order === undefined) return { kind: 'refused', reason: 'the order is gone' };
  const byJobId = await supersededBy(cloud, job);
  return byJobId === undefined ? cloud.work.publish(job, order) : { kind: 'superseded', byJobId };
}

async function writeDecision(
  cloud: Cloud,
  stored: StoredJob,
  decide: (job: JobRecord) => Decision,
): Promise<{ after: StoredJob; decision: Decision }> {
  let current = stored;
  for (let conflicts = 0; conflicts <= MAX_CONFLICTS; conflicts += 1) {
    // Once terminal, never changed, whatever anybody decides.
    const decision: Decision = isTerminal(current.job.status)
      ? asUnchanged(decide(current.job))
      : decide(current.job);
    if (decision.kind === 'unchanged') return { after: current, decision };
    const after = await cloud.jobs.replace(decision.job, current.etag);
    if (after !== undefined) {
      for (const measurement of metricsOfChange(current.job, after.job)) cloud.measure(measurement);
      return { after, decision };
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

/** Does one pending item and returns how the record is settled by its result. */
async function fulfil(
  cloud: Cloud,
  job: JobRecord,
  { item, place }: { item: Pending; place: NetworkPlace | undefined },
): Promise<(job: JobRecord) => JobRecord> {
  switch (item.kind) {
    case 'issueOrder': {
      const multipart = await issueOrder(cloud, job, item);
      return newest => {
        const order = findOrder(newest, item.orderId);
        const pending = newest.pending.filter(other => !isSame(other, item));
        return order === undefined
          ? { ...newest, pending }
          : { ...withOrder(newest, { ...order, multipart: { ...order.multipart, ...multipart } }), pending };
      };
    }
    case 'launchTask': {
      const launch = job.launches.find(other => other.launch === item.launch);
      if (launch === undefined)
        return newest => ({ ...newest, pending: newest.pending.filter(other => !isSame(other, item)) });
      const result = await cloud.tasks.start(job, launch, place);
      if (result.kind === 'noCapacity')
        cloud.log.warn('No task could be started', { jobId: job.jobId, reasons: result.reasons });
      return newest =>
        settleLaunch(newest, item.launch, {
          result,
          now: cloud.now(),
          ...(place === undefined ? {} : { networkId: place.networkId }),
        });
    }
    case 'publish': {
      const result = await publish(cloud, job, item.orderId);
      // Another handler may have published and settled meanwhile: its record stands.
      return newest =>
        newest.pending.some(other => isSame(other, item))
          ? settlePublish(newest, item.orderId, {
              result,
              context: { now: cloud.now(), settings: cloud.settings },
            })
          : newest;
    }
  }
}

function isSame(a: Pending, b: Pending): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

async function perform(cloud: Cloud, stored: StoredJob, acts: readonly Act[]): Promise<void> {
  const { job } = stored;
  for (const act of acts) {
    switch (act.kind) {
      case 'noteTask':
        await cloud.tasks.note(act.taskArn, act.inHand);
        break;
      case 'stopTask':
        await cloud.tasks.stop(act.taskArn, act.reason);
        break;
      case 'renewAccess': {
        const order = findOrder(job, act.orderId);
        // A worker with an older generation gets nothing: its order is out again.
        if (order === undefined || order.generation !== act.generation) break;
        const { access, inputUrls } = await cloud.work.grant(job, order);
        await cloud.work.writeTicket({
          jobId: job.jobId,
          orderId: act.orderId,
          ticket: { schema: 'spotreel.ticket/1', generation: order.generation, access, inputUrls },
        });
        break;
      }
    }
  }
}
