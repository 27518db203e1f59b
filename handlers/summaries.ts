import type { JobRecord, TerminalStatus } from '../core/job';
import type { Cloud, StandingSummary } from './cloud';

type Ended = JobRecord & { status: TerminalStatus };

/** Writers of one video's summaries at a time are few; more conflicts than this mean that something else is wrong. */
const MAX_CONFLICTS = 20;

/** The latest job of whose end users are told. */
export async function summarizedJob({ outbox }: Cloud, videoKey: string): Promise<string | undefined> {
  const summaries = await outbox.summaries(videoKey);
  return latest(summaries.map(({ jobId }) => jobId));
}

/** Ids sort by the time of the upload: what a later one came to is what stands in the outbox. */
export async function supersededBy(cloud: Cloud, job: JobRecord): Promise<string | undefined> {
  return newerThan(job, await cloud.outbox.summaries(job.videoKey));
}

/**
 * Leaves one summary of a video: that of its latest job, whichever end it came to. Two jobs that end at once each write
 * theirs first and look at the others' afterwards, so that the later of the looks sees both. Safe to repeat.
 */
export async function tellEnd(cloud: Cloud, job: Ended): Promise<void> {
  const { outbox } = cloud;
  for (let conflicts = 0; conflicts <= MAX_CONFLICTS; conflicts += 1) {
    const before = await outbox.summaries(job.videoKey);
    if (newerThan(job, before) !== undefined) return removeOutdated(cloud, job, before);
    const same = before.find(({ status }) => status === job.status);
    // Otherwise somebody else has written it meanwhile.
    if (await outbox.putSummary(job, same?.etag))
      return removeOutdated(cloud, job, await outbox.summaries(job.videoKey));
  }
  throw new Error(`The summaries of ${job.videoKey} were changed by others ${MAX_CONFLICTS} times in a row`);
}

/** Those of earlier jobs; where there is one of a later job, the own. */
async function removeOutdated(cloud: Cloud, job: Ended, there: readonly StandingSummary[]): Promise<void> {
  const newer = newerThan(job, there);
  for (const summary of there) {
    const isOutdated = newer === undefined ? summary.jobId < job.jobId : summary.jobId === job.jobId;
    if (isOutdated) await cloud.outbox.removeSummary(job.videoKey, summary);
  }
}

function newerThan({ jobId }: JobRecord, summaries: readonly StandingSummary[]): string | undefined {
  return latest(summaries.map(other => other.jobId).filter(other => other > jobId));
}

const latest = (jobIds: string[]): string | undefined => jobIds.sort().at(-1);
