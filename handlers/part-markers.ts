import type { Cloud } from './cloud';

/**
 * Notes that an upload is shown before or after others, so that nobody waits for a manifest of its own.
 * A file that wants itself: whatever looks for those that want it finds one marker, however many jobs name it.
 */
export async function notePart({ jobs }: Pick<Cloud, 'jobs'>, key: string): Promise<void> {
  await jobs.markWanted({ fileKey: key, videoKey: key });
}

/** Whether a job has named it as its intro or outro. */
export async function isPart({ jobs }: Pick<Cloud, 'jobs'>, key: string): Promise<boolean> {
  for await (const videoKey of jobs.wantedBy(key)) if (videoKey === key) return true;
  return false;
}
