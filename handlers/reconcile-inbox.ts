import { jobIdTime, makeJobId } from '../core/job';
import { classifyUpload } from '../core/upload-key';
import type { Cloud } from './cloud';
import { takeInCaptions } from './late-captions';
import { takeIn } from './take-in';

/** For longer than this no event of an upload is repeated: the intake queue gives a message out five times. */
const INTAKE_RETRY_MS = 2 * 3_600_000;

/** Uploads from before this are taken in by nobody any more: no look through the inbox and no repeated event. */
export function oldestIntake({ now, settings }: Cloud): Date {
  return new Date(now().getTime() - settings.reconcileHours * 3_600_000 - INTAKE_RETRY_MS);
}

interface Seen {
  readonly versionId: string;
  readonly uploadedAt: Date;
}

/** Finds uploads that no event has told of. Costs two listings, and is therefore done now and then only. */
export async function reconcileInbox(cloud: Cloud): Promise<void> {
  const { settings } = cloud;
  const now = cloud.now();
  const last = await cloud.jobs.lastReconciledAt();
  if (last !== undefined && now.getTime() - last.getTime() < settings.reconcileMinutes * 60_000) return;
  const from = new Date(now.getTime() - settings.reconcileHours * 3_600_000);
  const until = new Date(now.getTime() - settings.graceSeconds * 1000);

  const pairs = new Map<string, { video?: Seen; manifest?: Seen }>();
  for await (const { key, versionId, uploadedAt } of cloud.inbox.list()) {
    const half = classifyUpload(key);
    if (half.kind === 'further' && uploadedAt >= from && uploadedAt <= until)
      await takeInCaptions(cloud, key);
    if (half.kind === 'ignored' || half.kind === 'further') continue;
    pairs.set(half.videoKey, { ...pairs.get(half.videoKey), [half.kind]: { versionId, uploadedAt } });
  }
  const known = new Set<string>();
  for await (const jobId of cloud.jobs.idsSince(jobIdTime(from))) known.add(jobId);

  for (const [videoKey, { video, manifest }] of pairs) {
    const times = [video, manifest].flatMap(half => (half === undefined ? [] : [half.uploadedAt.getTime()]));
    const newest = new Date(Math.max(...times));
    if (newest < from || newest > until) continue;
    if (possibleJobIds(cloud.inbox.bucket, videoKey, { video, manifest }).some(jobId => known.has(jobId)))
      continue;
    await takeIn(cloud, { videoKey, uploadedBy: 'unknown' });
  }
  await cloud.jobs.noteReconciled(now);
}

/** Ids of the jobs that these uploads can have become: with the manifest, and by the video's metadata alone. */
function possibleJobIds(
  bucket: string,
  videoKey: string,
  { video, manifest }: { video?: Seen | undefined; manifest?: Seen | undefined },
): string[] {
  const halves = [video, manifest].filter(half => half !== undefined);
  const uploadedAt = new Date(Math.max(...halves.map(half => half.uploadedAt.getTime())));
  const versions = {
    ...(video === undefined ? {} : { videoVersionId: video.versionId }),
    ...(manifest === undefined ? {} : { manifestVersionId: manifest.versionId }),
  };
  const ids = [makeJobId({ bucket, videoKey, ...versions, uploadedAt })];
  if (video !== undefined)
    ids.push(makeJobId({ bucket, videoKey, videoVersionId: video.versionId, uploadedAt: video.uploadedAt }));
  return ids;
}
