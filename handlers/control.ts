import type { JobRequest } from '../core/control';
import { decideCancel, decideRetry, resultsToKeep } from '../core/control';
import { metricsOfChange } from '../core/metrics-of-change';
import type { Cloud } from './cloud';
import { carryOut, changeJob } from './job-steps';

/** Does what a user asks of a job, and takes the request away. Safe to repeat. */
export async function obey(cloud: Cloud, request: JobRequest): Promise<void> {
  cloud.log.info('A user asks', { ...request });
  switch (request.action) {
    case 'cancel':
      await changeJob(cloud, { jobId: request.jobId }, job =>
        decideCancel(job, { now: cloud.now(), settings: cloud.settings }),
      );
      break;
    case 'retry':
      await retry(cloud, request.jobId);
      break;
  }
  await cloud.jobs.clearRequest(request);
}

async function retry(cloud: Cloud, jobId: string): Promise<void> {
  const stored = await cloud.jobs.read(jobId);
  if (stored === undefined) {
    cloud.log.warn('There is no record of this job', { jobId });
    return;
  }
  const lost = new Set<string>();
  for (const [orderId, files] of resultsToKeep(stored.job))
    if ((await cloud.work.lacking(files)) !== undefined) lost.add(orderId);
  const decision = decideRetry(stored.job, { now: cloud.now(), settings: cloud.settings, lost });
  if (decision.kind === 'refuse') {
    cloud.log.warn('A job is not retried', { jobId, reason: decision.reason });
    return;
  }
  // The marker comes first, so that the sweep finds the record whatever happens after.
  await cloud.jobs.markOpen(decision.job.jobId);
  const created = await cloud.jobs.create(decision.job);
  if (created === undefined) return;
  for (const measurement of metricsOfChange(undefined, created.job)) cloud.measure(measurement);
  cloud.log.info('Job retried', { jobId: created.job.jobId, retryOf: jobId });
  await carryOut(cloud, created);
}
