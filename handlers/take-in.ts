import type { IntakeFacts, ManifestUpload, Request, UploadPair, VideoUpload } from '../core/intake';
import { decideIntake, pairUploads, readManifest, rejectUnpaired, requestByMetadata } from '../core/intake';
import type { JobRecord } from '../core/job';
import { MANIFEST_MAX_BYTES } from '../core/manifest';
import { metricsOfChange } from '../core/metrics-of-change';
import { findBases } from '../core/preset-bases';
import { SNIFF_BYTES } from '../core/sniff';
import type { Cloud } from './cloud';
import { carryOut } from './job-steps';

/** Makes a job of what lies in the inbox under a video's key, if it is complete. Any number of calls make one job. */
export async function takeIn(cloud: Cloud, upload: { videoKey: string; uploadedBy: string }): Promise<void> {
  const { videoKey, uploadedBy } = upload;
  const [video, manifest] = await Promise.all([cloud.inbox.video(videoKey), cloud.inbox.manifest(videoKey)]);
  const pair: UploadPair = { bucket: cloud.inbox.bucket, videoKey, video, manifest };
  const pairing = pairUploads(pair, cloud.now(), cloud.settings);
  switch (pairing.kind) {
    case 'wait':
      await cloud.jobs.markWaiting(videoKey);
      cloud.log.info('Waiting for the other half', { videoKey, missing: pairing.missing });
      return;
    case 'gone':
      break;
    case 'unpaired': {
      const { jobId, missing } = pairing;
      await claim(cloud, jobId, async () =>
        rejectUnpaired({ jobId, videoKey, missing, now: cloud.now(), settings: cloud.settings }),
      );
      break;
    }
    case 'byMetadata': {
      const request = requestByMetadata(pairing.presetName);
      await claim(cloud, pairing.jobId, () =>
        draw(cloud, { jobId: pairing.jobId, pair: { ...pair, video: pairing.video }, request, uploadedBy }),
      );
      break;
    }
    case 'byManifest':
      await claim(cloud, pairing.jobId, async () =>
        draw(cloud, {
          jobId: pairing.jobId,
          pair: { ...pair, video: pairing.video },
          request: await fetchRequest(cloud, videoKey, pairing.manifest),
          uploadedBy,
        }),
      );
      break;
  }
  await cloud.jobs.clearWaiting(videoKey);
}

/** Intake has no right to write outputs: what is to be published is so by completion, or by the sweep. */
const PUBLISH_ELSEWHERE = { leave: 'publish' } as const;

/** Creates the record if there is none of this id; of all that try at once, one succeeds. */
async function claim(cloud: Cloud, jobId: string, makeRecord: () => Promise<JobRecord>): Promise<void> {
  const existing = await cloud.jobs.read(jobId);
  if (existing === undefined) {
    // The marker comes first, so that the sweep finds the record whatever happens after.
    await cloud.jobs.markOpen(jobId);
    const created = await cloud.jobs.create(await makeRecord());
    if (created === undefined) return;
    for (const measurement of metricsOfChange(undefined, created.job)) cloud.measure(measurement);
    cloud.log.info(created.job.status === 'rejected' ? 'Upload rejected' : 'Job accepted', {
      jobId,
      videoKey: created.job.videoKey,
    });
    await carryOut(cloud, created, PUBLISH_ELSEWHERE);
    return;
  }
  // Whoever made it may be at work on it right now; what stays undone for longer is done by the next event or the sweep.
  const waited = cloud.now().getTime() - new Date(existing.job.updatedAt).getTime();
  if (existing.job.pending.length > 0 && waited >= cloud.settings.graceSeconds * 1000)
    await carryOut(cloud, existing, PUBLISH_ELSEWHERE);
}

async function fetchRequest(cloud: Cloud, videoKey: string, manifest: ManifestUpload): Promise<Request> {
  const text =
    manifest.sizeBytes > MANIFEST_MAX_BYTES
      ? undefined
      : await cloud.inbox.manifestText(videoKey, manifest.versionId);
  return readManifest(text, manifest);
}

async function draw(
  cloud: Cloud,
  facts: { jobId: string; pair: UploadPair & { video: VideoUpload }; request: Request; uploadedBy: string },
): Promise<JobRecord> {
  const { pair, request } = facts;
  const head =
    pair.video.sizeBytes === 0
      ? new Uint8Array()
      : await cloud.inbox.head(pair.videoKey, { versionId: pair.video.versionId, bytes: SNIFF_BYTES });
  return decideIntake({
    ...facts,
    head,
    ...(request.kind === 'ok' ? await fetchPreset(cloud, request.manifest.preset) : NO_PRESET),
    now: cloud.now(),
    settings: cloud.settings,
  });
}

const NO_PRESET = { presetText: undefined, presetBases: new Map<string, string>(), presetNames: [] } as const;

/** The preset and those that it builds on; all names only where they are needed for a suggestion. */
async function fetchPreset(
  { presets }: Cloud,
  name: string,
): Promise<Pick<IntakeFacts, 'presetText' | 'presetBases' | 'presetNames'>> {
  const text = await presets.text(name);
  if (text === undefined) return { ...NO_PRESET, presetNames: await presets.names() };
  let complete = true;
  const presetBases = await findBases({ name, text }, async base => {
    const found = await presets.text(base);
    complete &&= found !== undefined;
    return found;
  });
  return { presetText: text, presetBases, presetNames: complete ? [] : await presets.names() };
}
