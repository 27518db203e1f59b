import type { FoundFile } from '../core/further-files';
import { captionsBeside, filesBeside } from '../core/further-files';
import type { JobRecord } from '../core/job';
import { isTerminal } from '../core/job';
import { decideLateCaptions, lateCaptionsJobId } from '../core/late-captions';
import { metricsOfChange } from '../core/metrics-of-change';
import type { Cloud } from './cloud';
import { carryOut } from './job-steps';
import { findUpload } from './find-upload';
import { summarizedJob } from './summaries';

/** Intake has no right to write outputs: what is to be published is so by completion, or by the sweep. */
const PUBLISH_ELSEWHERE = { leave: 'publish' } as const;

/**
 * Adds a caption file that is named after its video to what was made of that, if it came too late for the job.
 * As long as that job runs, the sweep asks again. Safe to repeat.
 */
export async function takeInCaptions(cloud: Cloud, key: string): Promise<void> {
  const videoKey = captionsBeside(key)?.videoKey;
  const upload = videoKey === undefined ? undefined : await cloud.inbox.video(key);
  if (videoKey === undefined || upload === undefined) return cloud.jobs.clearWaiting(key);
  const baseId = await summarizedJob(cloud, videoKey);
  const base = baseId === undefined ? undefined : (await cloud.jobs.read(baseId))?.job;
  // A video that is still to come takes along what lies beside it then.
  if (base === undefined && (await cloud.inbox.video(videoKey)) === undefined)
    return cloud.jobs.clearWaiting(key);
  const outcome = base === undefined ? 'later' : await add(cloud, base);
  const age = cloud.now().getTime() - upload.uploadedAt.getTime();
  if (outcome === 'settled' || age > cloud.settings.reconcileHours * 3_600_000)
    return cloud.jobs.clearWaiting(key);
  await cloud.jobs.markWaiting(key);
  cloud.log.info('Captions wait for the job of their video', { key, videoKey });
}

async function add(cloud: Cloud, base: JobRecord): Promise<'settled' | 'later'> {
  const failedBefore: JobRecord[] = [];
  for (;;) {
    const next = (await cloud.jobs.read(lateCaptionsJobId(base, failedBefore.length)))?.job;
    if (next === undefined) break;
    // One at a time: what comes now builds on what that one publishes.
    if (!isTerminal(next.status) || next.status === 'done') return 'later';
    failedBefore.push(next);
  }
  const context = { now: cloud.now(), settings: cloud.settings, failedBefore };
  const decision = decideLateCaptions(base, await findBeside(cloud, base.videoKey), context);
  if (decision.kind === 'nothing') {
    cloud.log.info('No captions are added', { videoKey: base.videoKey, reason: decision.reason });
    return base.status === 'done' ? 'settled' : 'later';
  }
  // The marker comes first, so that the sweep finds the record whatever happens after.
  await cloud.jobs.markOpen(decision.job.jobId);
  const created = await cloud.jobs.create(decision.job);
  if (created === undefined) return 'later';
  for (const measurement of metricsOfChange(undefined, created.job)) cloud.measure(measurement);
  cloud.log.info('Captions are added', { jobId: created.job.jobId, addsTo: base.jobId });
  await carryOut(cloud, created, PUBLISH_ELSEWHERE);
  return 'settled';
}

async function findBeside(cloud: Cloud, videoKey: string): Promise<FoundFile[]> {
  const keys: string[] = [];
  for await (const key of cloud.inbox.keys(`${videoKey}.`)) keys.push(key);
  const files = filesBeside(keys, { videoKey, named: [] });
  return Promise.all(files.map(async file => ({ file, upload: await findUpload(cloud, file) })));
}
