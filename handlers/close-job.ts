import type { JobRecord } from '../core/job';
import { isTerminal } from '../core/job';
import type { Cloud } from './cloud';
import { supersededBy, tellEnd } from './summaries';

/** Tells the user, clears the work away and takes the job from the list of open ones. Safe to repeat. */
export async function closeJob(cloud: Cloud, job: JobRecord): Promise<void> {
  const { status } = job;
  if (!isTerminal(status)) return;
  const told = { ...job, status, videoKey: summarizedKey(job) };
  const isOutdated = told.videoKey !== job.videoKey && (await supersededBy(cloud, job)) !== undefined;
  if (!isOutdated) await tellEnd(cloud, told);
  await cloud.work.clear(job);
  // Last: as long as the marker is there, the sweep closes the job again.
  await cloud.jobs.clearOpen(job.jobId);
  cloud.log.info('Job closed', { jobId: job.jobId, status, code: job.failure?.code });
}

/** The upload that a summary is about. Captions that could not be added change nothing of what their video came to. */
function summarizedKey({ addsTo, status, videoKey, orders, inputs = [] }: JobRecord): string {
  if (addsTo === undefined || status === 'done') return videoKey;
  const ids = orders.flatMap(({ work }) => (work.kind === 'add-captions' ? work.captionIds : []));
  return inputs.find(({ id }) => ids.includes(id))?.key ?? videoKey;
}
