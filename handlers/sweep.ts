import { workNeededBy } from '../core/clean-up';
import { concurrently } from '../core/concurrently';
import { jobIdTime } from '../core/job';
import type { JobRecord } from '../core/job';
import type { LiveTask, SweepFacts } from '../core/sweep';
import { decideSweep, isExpired, isOrphaned } from '../core/sweep';
import { classifyUpload } from '../core/upload-key';
import { describeError } from './batch';
import { cleanUp } from './clean-up';
import { closeJob } from './close-job';
import type { Cloud } from './cloud';
import { obey } from './control';
import type { LeftOver } from './job-steps';
import { carryOut, changeJob, publishLater } from './job-steps';
import { takeInCaptions } from './late-captions';
import { oldestIntake, reconcileInbox } from './reconcile-inbox';
import { SweepTally } from './sweep-tally';
import { drainStaleOrders } from './stale-orders';
import { takeIn } from './take-in';

/** Open jobs that are looked at at once: one after another, a sweep of many thousands would take longer than a Lambda may. */
export const JOBS_AT_ONCE = 40;

/** Reconciles records, tasks, queue and inbox. Each step is alone: one that fails does not keep the others from their work. */
export function sweepHandler(plain: Cloud): () => Promise<void> {
  return async () => {
    const tally = new SweepTally(plain);
    const cloud = tally.counting(plain);
    cloud.measure({ name: 'SweepRuns', value: 1 });
    const failures: unknown[] = [];
    const attempt = async (what: string, step: () => Promise<void>): Promise<void> => {
      try {
        await step();
      } catch (error) {
        failures.push(error);
        cloud.log.error('A step of the sweep failed', { what, error: describeError(error) });
      }
    };
    for await (const videoKey of cloud.jobs.waiting()) {
      await attempt(`waiting upload ${videoKey}`, async () =>
        classifyUpload(videoKey).kind === 'further'
          ? takeInCaptions(cloud, videoKey)
          : takeIn(cloud, { videoKey, uploadedBy: 'unknown' }),
      );
    }
    await attempt('reconcile the inbox', () => reconcileInbox(cloud));
    for await (const request of cloud.jobs.requests()) {
      await attempt(`${request.action} job ${request.jobId}`, () => obey(cloud, request));
    }
    const wanted = new Set<string>();
    const neededWork = new Set<string>();
    const seen = {
      orderQueueIsEmpty: await cloud.orders.isEmpty(),
      tasksAreFull: await cloud.tasks.isFull(),
    };
    const later: (LeftOver | undefined)[] = [];
    let oldestAgeSeconds = 0;
    const failedBefore = failures.length;
    await concurrently(cloud.jobs.open(), { atOnce: JOBS_AT_ONCE }, jobId =>
      attempt(`job ${jobId}`, async () => {
        const { job, left } = await sweepJob(cloud, jobId, { seen, tally });
        later.push(left);
        if (job === undefined) return;
        for (const id of workNeededBy(job)) neededWork.add(id);
        for (const taskArn of tasksOf(job)) wanted.add(taskArn);
        oldestAgeSeconds = Math.max(
          oldestAgeSeconds,
          (cloud.now().getTime() - new Date(job.acceptedAt).getTime()) / 1000,
        );
      }),
    );
    // What a job needs whose record could not be read is not known.
    const areAllSwept = failures.length === failedBefore;
    cloud.measure({ name: 'OldestOpenJobSeconds', value: oldestAgeSeconds });
    await attempt('tasks', async () => {
      const live = await sweepTasks(cloud, wanted);
      // Where there are tasks, they come to stale orders themselves.
      if (live === 0 && !seen.orderQueueIsEmpty) await drainStaleOrders(cloud);
    });
    await attempt('networks', async () => cloud.networkRequests?.ask({ kind: 'sweep' }));
    const { leftovers } = cloud;
    const needed = areAllSwept ? neededWork : undefined;
    if (leftovers !== undefined)
      await attempt('leftovers', () => cleanUp(cloud, { leftovers, needed, tally }));
    tally.tell();
    // Last: copies that take longer than this function may must not keep it from the rest.
    await publishLater(cloud, later);
    if (failures.length > 0) throw new Error(`${failures.length} steps of the sweep failed; each is logged`);
  };
}

/** @returns the job as it is afterwards, if it is still open, and what is left to be published of it */
async function sweepJob(
  cloud: Cloud,
  jobId: string,
  { seen, tally }: { seen: Pick<SweepFacts, 'orderQueueIsEmpty' | 'tasksAreFull'>; tally: SweepTally },
): Promise<{ job?: JobRecord | undefined; left?: LeftOver | undefined }> {
  const noteRepair = (): void => {
    cloud.measure({ name: 'SweepRepairs', value: 1 });
    tally.add('jobsRepaired', 1);
  };
  const stored = await cloud.jobs.read(jobId);
  if (stored === undefined) {
    // Intake writes the marker first and may be about to write the record: without its marker the job would be
    // watched by nobody. An old marker is of an intake that crashed; the upload was found by another look since.
    if (jobId < jobIdTime(oldestIntake(cloud))) await cloud.jobs.clearOpen(jobId);
    return {};
  }
  const tasks = await cloud.tasks.see(tasksOf(stored.job));
  const facts: SweepFacts = { now: cloud.now(), settings: cloud.settings, tasks, ...seen };
  const verdict = decideSweep(stored.job, facts);
  let left: LeftOver | undefined;
  switch (verdict.kind) {
    case 'close':
      await closeJob(cloud, stored.job);
      return {};
    case 'carryOut':
      noteRepair();
      left = await carryOut(cloud, stored, { leave: 'publish' });
      break;
    case 'decided':
      if (verdict.decision.kind === 'unchanged') return { job: stored.job };
      noteRepair();
      cloud.log.warn('The sweep repairs a job', { jobId });
      left = await changeJob(cloud, { jobId, leave: 'publish' }, job => {
        const again = decideSweep(job, { ...facts, now: cloud.now() });
        return again.kind === 'decided'
          ? again.decision
          : { kind: 'unchanged', reason: 'it has moved on', acts: [] };
      });
      break;
  }
  return { job: (await cloud.jobs.read(jobId))?.job, left };
}

function tasksOf(job: JobRecord): string[] {
  const launched = job.launches.filter(({ endedAt }) => endedAt === undefined).map(({ taskArn }) => taskArn);
  const working = job.orders.flatMap(order =>
    order.attempts.filter(({ endedAt }) => endedAt === undefined).map(({ taskArn }) => taskArn),
  );
  return [...new Set([...launched, ...working].filter(taskArn => taskArn !== undefined))];
}

/**
 * Stops tasks that outlived their expiry, and those that no open job has any use for.
 * @returns how many there were
 */
async function sweepTasks(cloud: Cloud, wanted: ReadonlySet<string>): Promise<number> {
  let live = 0;
  for await (const task of cloud.tasks.live()) {
    live += 1;
    const reason = await judgeTask(cloud, task, wanted);
    if (reason === undefined) continue;
    cloud.log.warn('The sweep stops a task', { taskArn: task.taskArn, reason });
    cloud.measure({ name: 'OrphansStopped', value: 1 });
    await cloud.tasks.stop(task.taskArn, reason);
  }
  return live;
}

async function judgeTask(
  cloud: Cloud,
  task: LiveTask,
  wanted: ReadonlySet<string>,
): Promise<'expired' | 'orphaned' | undefined> {
  const context = { now: cloud.now(), settings: cloud.settings };
  if (isExpired(task, context)) return 'expired';
  if (wanted.has(task.taskArn) || !isOrphaned(task, { ...context, note: undefined })) return undefined;
  const note = await cloud.tasks.noted(task.taskArn);
  if (!isOrphaned(task, { ...context, note })) return undefined;
  // It may have taken up the order of a job that was not open yet when the open jobs were listed.
  const job = note?.inHand === undefined ? undefined : (await cloud.jobs.read(note.inHand.jobId))?.job;
  return job !== undefined && tasksOf(job).includes(task.taskArn) ? undefined : 'orphaned';
}
