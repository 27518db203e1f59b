import type { FoundFile, FurtherFile } from '../core/further-files';
import { filesBeside, namedFiles } from '../core/further-files';
import type { IntakeFacts, Request } from '../core/intake';
import type { ManifestUpload, UploadPair, VideoUpload } from '../core/pairing';
import {
  awaitedFiles,
  decideIntake,
  filesOfPreset,
  readManifest,
  rejectUnpaired,
  requestByMetadata,
} from '../core/intake';
import { pairUploads } from '../core/pairing';
import type { JobRecord } from '../core/job';
import { MANIFEST_MAX_BYTES } from '../core/manifest';
import { metricsOfChange } from '../core/metrics-of-change';
import { findBases } from '../core/preset-bases';
import { SNIFF_BYTES } from '../core/sniff';
import type { Cloud } from './cloud';
import { findUpload } from './find-upload';
import { isPart, notePart } from './part-markers';
import { carryOut } from './job-steps';

/** Makes a job of what lies in the inbox under a video's key, if it is complete. Any number of calls make one job. */
export async function takeIn(cloud: Cloud, upload: { videoKey: string; uploadedBy: string }): Promise<void> {
  const { videoKey, uploadedBy } = upload;
  const [video, manifest] = await Promise.all([cloud.inbox.video(videoKey), cloud.inbox.manifest(videoKey)]);
  const pair: UploadPair = { bucket: cloud.inbox.bucket, videoKey, video, manifest };
  const pairing = pairUploads(pair, cloud.now(), cloud.settings);
  switch (pairing.kind) {
    case 'wait':
      // Whoever names it as a part of another waits for it by that name.
      if (pairing.missing === 'manifest' && (await isPart(cloud, videoKey))) break;
      await cloud.jobs.markWaiting(videoKey);
      cloud.log.info('Waiting for the other half', { videoKey, missing: pairing.missing });
      return;
    case 'gone':
      break;
    case 'unpaired': {
      const { jobId, missing } = pairing;
      if (missing === 'manifest' && (await isPart(cloud, videoKey))) break;
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
    case 'byManifest': {
      const outcome = await claim(cloud, pairing.jobId, async () =>
        draw(cloud, {
          jobId: pairing.jobId,
          pair: { ...pair, video: pairing.video },
          request: await fetchRequest(cloud, videoKey, pairing.manifest),
          uploadedBy,
        }),
      );
      if (outcome === 'waits') return;
      break;
    }
  }
  await cloud.jobs.clearWaiting(videoKey);
}

/** Intake has no right to write outputs: what is to be published is so by completion, or by the sweep. */
const PUBLISH_ELSEWHERE = { leave: 'publish' } as const;

/**
 * Creates the record if there is none of this id; of all that try at once, one succeeds.
 * @param makeRecord undefined when the upload still waits for something
 */
async function claim(
  cloud: Cloud,
  jobId: string,
  makeRecord: () => Promise<JobRecord | undefined>,
): Promise<'claimed' | 'waits'> {
  const existing = await cloud.jobs.read(jobId);
  if (existing === undefined) {
    const record = await makeRecord();
    if (record === undefined) return 'waits';
    // The marker comes first, so that the sweep finds the record whatever happens after.
    await cloud.jobs.markOpen(jobId);
    const created = await cloud.jobs.create(record);
    if (created === undefined) return 'claimed';
    for (const measurement of metricsOfChange(undefined, created.job)) cloud.measure(measurement);
    cloud.log.info(created.job.status === 'rejected' ? 'Upload rejected' : 'Job accepted', {
      jobId,
      videoKey: created.job.videoKey,
    });
    await carryOut(cloud, created, PUBLISH_ELSEWHERE);
    return 'claimed';
  }
  // Whoever made it may be at work on it right now; what stays undone for longer is done by the next event or the sweep.
  const waited = cloud.now().getTime() - new Date(existing.job.updatedAt).getTime();
  if (existing.job.pending.length > 0 && waited >= cloud.settings.graceSeconds * 1000)
    await carryOut(cloud, existing, PUBLISH_ELSEWHERE);
  return 'claimed';
}

async function fetchRequest(cloud: Cloud, videoKey: string, manifest: ManifestUpload): Promise<Request> {
  const text =
    manifest.sizeBytes > MANIFEST_MAX_BYTES
      ? undefined
      : await cloud.inbox.manifestText(videoKey, manifest.versionId);
  return readManifest(text, manifest);
}

interface Draft {
  readonly jobId: string;
  readonly pair: UploadPair & { video: VideoUpload };
  readonly request: Request;
  readonly uploadedBy: string;
}

/** @returns undefined when files that the manifest names may still come */
async function draw(cloud: Cloud, draft: Draft): Promise<JobRecord | undefined> {
  const { videoKey } = draft.pair;
  const facts = await gatherFacts(cloud, draft);
  const awaited = awaitedFiles(facts);
  if (awaited.length === 0) {
    await settleFurther(cloud, videoKey, facts.further);
    return decideIntake(facts);
  }
  await cloud.jobs.markWaiting(videoKey);
  for (const { key } of awaited) await cloud.jobs.markWanted({ fileKey: key, videoKey });
  // One that came before its marker was there has woken nobody.
  const again = { ...facts, further: await findFurther(cloud, draft, filesOfPreset(facts)) };
  if (awaitedFiles(again).length > 0) {
    cloud.log.info('Waiting for further files', { videoKey, missing: awaited.map(({ key }) => key) });
    return undefined;
  }
  await settleFurther(cloud, videoKey, again.further);
  return decideIntake(again);
}

async function gatherFacts(cloud: Cloud, draft: Draft): Promise<IntakeFacts> {
  const { pair, request } = draft;
  const { video } = pair;
  const head =
    video.sizeBytes === 0
      ? new Uint8Array()
      : await cloud.inbox.head(pair.videoKey, { versionId: video.versionId, bytes: SNIFF_BYTES });
  const facts: IntakeFacts = {
    ...draft,
    head,
    ...(request.kind === 'ok' ? await fetchPreset(cloud, request.manifest.preset) : NO_PRESET),
    further: [],
    now: cloud.now(),
    settings: cloud.settings,
  };
  return { ...facts, further: await findFurther(cloud, draft, filesOfPreset(facts)) };
}

/** What a job takes beside its video: files that its manifest names, and captions that are named after the video. */
async function findFurther(
  cloud: Cloud,
  { pair, request }: Draft,
  ofPreset: readonly FurtherFile[],
): Promise<FoundFile[]> {
  if (request.kind !== 'ok') return [];
  const { videoKey } = pair;
  const named = namedFiles(request.manifest, videoKey);
  const keys: string[] = [];
  for await (const key of cloud.inbox.keys(`${videoKey}.`)) keys.push(key);
  const files = [...named, ...ofPreset, ...filesBeside(keys, { videoKey, named })];
  return Promise.all(files.map(async file => ({ file, upload: await findUpload(cloud, file) })));
}

/** Nothing is waited for any more. */
async function settleFurther(cloud: Cloud, videoKey: string, further: readonly FoundFile[]): Promise<void> {
  for (const { file } of further) {
    if (file.pointer !== '') await cloud.jobs.clearWanted({ fileKey: file.key, videoKey });
    if (file.use.kind !== 'part') continue;
    await notePart(cloud, file.key);
    await cloud.jobs.clearWaiting(file.key);
  }
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
