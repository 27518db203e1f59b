import type { CleanUpNote } from '../core/clean-up';
import { firstJobTooYoung, isCleanUpDue, isWorkExpired, uploadsNeededSince } from '../core/clean-up';
import type { Cloud, Leftovers } from './cloud';
import type { SweepTally } from './sweep-tally';

/** What one sweep does at most: the next goes on. A thousand objects are removed by one request, in about a second. */
const MOST_UPLOADS = 1000;
const MOST_JOBS = 2000;
const MOST_OBJECTS = 20_000;

/** Records that are read at once. */
const AT_ONCE = 10;

export interface CleanUpContext {
  readonly leftovers: Leftovers;
  /** Jobs whose stored work an open job needs; undefined when that is not known of all. */
  readonly needed: ReadonlySet<string> | undefined;
  readonly tally: SweepTally;
}

/** Now and then, removes what jobs that have ended left in the buckets, and what late workers stored for them. */
export async function cleanUp(cloud: Cloud, context: CleanUpContext): Promise<void> {
  const { leftovers, needed } = context;
  const note = await leftovers.note();
  const clock = { now: cloud.now(), settings: cloud.settings };
  if (!isCleanUpDue(note, clock)) return;
  const from = note?.after ?? '';
  const isAllAborted = await abortUploads(context, uploadsNeededSince(clock));
  const after = needed === undefined ? from : await removeWork(cloud, { ...context, needed }, from);
  const hasSeenAll = isAllAborted && needed !== undefined && after === undefined;
  const at = note?.after === undefined ? clock.now.toISOString() : note.at;
  const next: CleanUpNote = hasSeenAll ? { at } : { at, after: after ?? '' };
  await leftovers.keep(next);
}

/** @returns whether none is left that was begun before then */
async function abortUploads({ leftovers, tally }: CleanUpContext, before: Date): Promise<boolean> {
  let aborted = 0;
  for await (const upload of leftovers.uploads()) {
    if (upload.begunAt >= before) continue;
    if (aborted === MOST_UPLOADS) return false;
    await leftovers.abort(upload);
    aborted += 1;
    tally.add('uploadsAborted', 1);
  }
  return true;
}

/** @returns the job behind which the next sweep goes on; undefined when all were looked at */
async function removeWork(
  cloud: Cloud,
  context: CleanUpContext & { readonly needed: ReadonlySet<string> },
  from: string,
): Promise<string | undefined> {
  const { leftovers, tally } = context;
  let seen = from;
  let looked = 0;
  let removed = 0;
  for await (const jobIds of inBatches(jobsOldEnough(cloud, leftovers, from))) {
    const expired = await expiredOf(cloud, jobIds, context.needed);
    for (const jobId of jobIds) {
      if (looked === MOST_JOBS || removed >= MOST_OBJECTS) return seen;
      looked += 1;
      if (expired.has(jobId)) {
        const gone = await leftovers.removeWork(jobId, MOST_OBJECTS - removed);
        removed += gone.objects;
        tally.add('objectsRemoved', gone.objects);
        tally.add('bytesRemoved', gone.bytes);
        // Some of its objects may be left.
        if (removed >= MOST_OBJECTS) return seen;
      }
      seen = jobId;
    }
  }
  return undefined;
}

async function* jobsOldEnough(cloud: Cloud, leftovers: Leftovers, from: string): AsyncIterable<string> {
  const tooYoung = firstJobTooYoung({ now: cloud.now(), settings: cloud.settings });
  for await (const jobId of leftovers.jobsWithWork(from)) {
    // Ids sort by the time of their uploads.
    if (jobId >= tooYoung) return;
    yield jobId;
  }
}

async function expiredOf(
  cloud: Cloud,
  jobIds: readonly string[],
  needed: ReadonlySet<string>,
): Promise<Set<string>> {
  const clock = { now: cloud.now(), settings: cloud.settings };
  const unneeded = jobIds.filter(jobId => !needed.has(jobId));
  const records = await Promise.all(unneeded.map(jobId => cloud.jobs.read(jobId)));
  return new Set(unneeded.filter((_, index) => isWorkExpired(records[index]?.job, clock)));
}

async function* inBatches(items: AsyncIterable<string>): AsyncIterable<string[]> {
  let batch: string[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
