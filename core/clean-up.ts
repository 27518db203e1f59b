import { z } from 'zod';
import { keepsResults } from './control';
import type { JobRecord } from './job';
import { isTerminal, jobIdTime } from './job';
import { WORK_PREFIX } from './order';
import type { Settings } from './settings';

/** How far the look for leftovers has come, kept from sweep to sweep. */
export const cleanUpNoteSchema = z.strictObject({
  /** When the look began. */
  at: z.iso.datetime(),
  /** Present while it has not seen everything: the next sweep goes on behind this job. Empty: from the first one. */
  after: z.string().optional(),
});

export type CleanUpNote = z.infer<typeof cleanUpNoteSchema>;

interface Clock {
  readonly now: Date;
  readonly settings: Settings;
}

/** Whether a sweep looks for leftovers: now and then, and until a look that was begun has seen everything. */
export function isCleanUpDue(note: CleanUpNote | undefined, { now, settings }: Clock): boolean {
  if (note?.after !== undefined) return true;
  return note === undefined || now.getTime() - Date.parse(note.at) >= settings.cleanUpMinutes * 60_000;
}

/** An upload in parts that was begun before this is of a job that has expired since: no open job can need it. */
export function uploadsNeededSince({ now, settings }: Clock): Date {
  return new Date(now.getTime() - settings.jobExpiryMinutes * 60_000 - settings.graceSeconds * 1000);
}

/** What sorts at or after this is of uploads so new that their jobs cannot have ended long enough ago. */
export function firstJobTooYoung(clock: Clock): string {
  return jobIdTime(new Date(clock.now.getTime() - usableMs(clock)));
}

/**
 * Whether what is stored for a job may go: it has ended, no URL of it can be used any more, and no retry can begin
 * with it. What is left of one without a record is the bucket's lifecycle's.
 */
export function isWorkExpired(job: JobRecord | undefined, clock: Clock): boolean {
  if (job?.finishedAt === undefined || !isTerminal(job.status) || keepsResults(job)) return false;
  // Equal counts as expired: the lifetime excludes its last second.
  return clock.now.getTime() - Date.parse(job.finishedAt) >= usableMs(clock);
}

/** How long a worker that is believed dead can still store something for a job that has ended. */
function usableMs({ settings }: Clock): number {
  return (settings.urlSeconds + settings.graceSeconds) * 1000;
}

/** Ids of the jobs whose stored work an open job needs: its own, and those that it took finished parts over from. */
export function workNeededBy({ jobId, retryOf, orders }: JobRecord): string[] {
  const results = orders.flatMap(order => order.results ?? []);
  const owners = results.flatMap(({ key }) => jobOfWork(key) ?? []);
  return [...new Set([jobId, ...(retryOf === undefined ? [] : [retryOf]), ...owners])];
}

/** The job that an object below `work/` is of; undefined for a key that lies elsewhere. */
export function jobOfWork(key: string): string | undefined {
  const [jobId, ...rest] = key.startsWith(WORK_PREFIX) ? key.slice(WORK_PREFIX.length).split('/') : [];
  return rest.length === 0 || jobId === '' ? undefined : jobId;
}
