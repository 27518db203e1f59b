import { createHash } from 'node:crypto';
import { newOrder } from './chunked-job';
import type { FoundFile } from './further-files';
import { furtherProblems } from './further-files';
import type { JobInput, JobRecord } from './job';
import { jobIdTime, timeOfJobId } from './job';
import { pinned } from './intake';
import { addLaunch } from './launch';
import { fileNames, outputFileName } from './output-files';
import type { Settings } from './settings';
import type { PublishedLadder, Work } from './work';

export type LateCaptions =
  /** All of them are in what was published. */
  { readonly kind: 'nothing'; readonly reason: string } | { readonly kind: 'add'; readonly job: JobRecord };

/**
 * A job that adds captions to what another has published.
 * @param found all captions that lie beside the video now
 * @param failedBefore jobs that tried to add something to the same one and came to nothing
 */
export function decideLateCaptions(
  base: JobRecord,
  found: readonly FoundFile[],
  context: { now: Date; settings: Settings; failedBefore: readonly JobRecord[] },
): LateCaptions {
  const { preset, source } = base;
  if (preset === undefined || source?.facts === undefined || base.status !== 'done')
    return { kind: 'nothing', reason: `the job of the video is ${base.status}` };
  const known = [base, ...context.failedBefore].flatMap(({ inputs = [] }) => inputs);
  const late = found.filter(({ file, upload }) => upload !== undefined && !isKnown(known, file.key, upload));
  if (late.length === 0) return { kind: 'nothing', reason: 'all captions are there already' };
  const published = publishedVideos(base);
  const ladders = publishedLadders(base);
  if (
    published.length + ladders.length === 0 &&
    !preset.content.outputs.some(({ kind }) => kind === 'captions')
  )
    return { kind: 'nothing', reason: 'nothing that was made takes captions afterwards' };
  // A corrected file takes the place of the one that it corrects.
  const inputs = late.flatMap(pinned);
  const before = (base.inputs ?? []).filter(
    ({ use, key }) => use.kind !== 'published' && !inputs.some(other => other.key === key),
  );
  const work: Work = {
    kind: 'add-captions',
    source: source.facts,
    captionIds: inputs.map(({ id }) => id),
    published: published.map(({ outputName, input, captions, score }) => ({
      ...{ inputId: input.id, outputName, captions, ...(score && { score }) },
    })),
    ladders: ladders.map(({ ladder }) => ladder),
  };
  const record = draft(base, {
    ...context,
    inputs: [
      ...before,
      ...inputs,
      ...published.map(({ input }) => input),
      ...ladders.flatMap(ladder => ladder.inputs),
    ],
  });
  const problems = furtherProblems(late, { preset: undefined, settings: context.settings });
  const [problem] = problems;
  if (problem !== undefined) return { kind: 'nothing', reason: problem.fix };
  const order = newOrder(ORDER_ID, work, context.now);
  return {
    kind: 'add',
    job: addLaunch(
      {
        ...record,
        orders: [order],
        pending: [{ kind: 'issueOrder', orderId: ORDER_ID, generation: 1 }],
      },
      { reason: 'accepted', now: context.now, settings: context.settings },
    ),
  };
}

const ORDER_ID = 'captions';

/**
 * Id of the job that adds to another, which has one at a time: what one adds, the next builds on.
 * Sorts after that of the other, so that what it comes to stands in the outbox.
 * @param attempt how many jobs that were to add to it came to nothing before
 */
export function lateCaptionsJobId(base: JobRecord, attempt: number): string {
  const hash = createHash('sha256')
    .update(`captions for ${base.jobId} ${attempt}`)
    .digest('hex')
    .slice(0, 16);
  const ended = new Date(base.finishedAt ?? base.updatedAt).getTime();
  const time = new Date(Math.max(ended, timeOfJobId(base.jobId).getTime()) + 1000);
  return `${jobIdTime(time)}-${hash}`;
}

function isKnown(
  known: readonly JobInput[],
  key: string,
  upload: { versionId: string; etag: string } | undefined,
): boolean {
  return known.some(
    input => input.key === key && (input.versionId === upload?.versionId || input.etag === upload?.etag),
  );
}

interface PublishedVideo {
  readonly outputName: string;
  readonly input: JobInput;
  readonly captions: NonNullable<JobRecord['outputs'][number]['captions']>;
  readonly score: JobRecord['outputs'][number]['score'];
}

/** Finished videos that take captions as tracks. */
function publishedVideos({ preset, outputs }: JobRecord): PublishedVideo[] {
  return (preset?.content.outputs ?? []).flatMap(output => {
    if (output.kind !== 'video' || output.captions?.tracks !== true) return [];
    const made = outputs.find(({ fileName }) => fileName === outputFileName(output));
    if (made === undefined) return [];
    const { captions = [], score } = made;
    return [{ outputName: output.name, input: publishedInput(output.name, made), captions, score }];
  });
}

/** Finished adaptive outputs that take captions, with what has to be read of them. */
function publishedLadders({ preset, outputs }: JobRecord): { ladder: PublishedLadder; inputs: JobInput[] }[] {
  return (preset?.content.outputs ?? []).flatMap(output => {
    if (output.kind !== 'adaptive' || output.captions?.tracks !== true) return [];
    const { name } = output;
    const [master, manifest] = fileNames(output, 1).map(wanted =>
      outputs.find(({ fileName }) => fileName === wanted),
    );
    const { durationSeconds, tree } = master ?? {};
    if (master === undefined || manifest === undefined || tree === undefined || !durationSeconds) return [];
    const { video, audio, score } = master;
    const measured = { ...(video && { video }), ...(audio && { audio }), ...(score && { score }) };
    const parts = { master, manifest, list: tree.list };
    const ladder: PublishedLadder = {
      outputName: name,
      masterId: publishedId(`${name}/master`),
      manifestId: publishedId(`${name}/manifest`),
      listId: publishedId(`${name}/list`),
      before: { durationSeconds, tree, ...measured },
    };
    const inputs = Object.entries(parts).map(([part, file]) => publishedInput(`${name}/${part}`, file));
    return [{ ladder, inputs }];
  });
}

const publishedId = (name: string): string => `published/${name}`;

function publishedInput(
  name: string,
  { key, sha256, sizeBytes }: { key: string; sha256: string; sizeBytes: number },
): JobInput {
  return { id: publishedId(name), bucket: 'outbox', key, sha256, sizeBytes, use: { kind: 'published' } };
}

function draft(
  base: JobRecord,
  context: { now: Date; failedBefore: readonly JobRecord[]; inputs: JobInput[] },
): JobRecord {
  const { schema, requestedBy, videoKey, source, manifest, preset, outputPrefix, outputs } = base;
  const now = context.now.toISOString();
  return {
    ...{ schema, jobId: lateCaptionsJobId(base, context.failedBefore.length), addsTo: base.jobId },
    ...{ status: 'accepted', acceptedAt: now, updatedAt: now, requestedBy, videoKey },
    ...(source === undefined ? {} : { source }),
    ...(manifest === undefined ? {} : { manifest }),
    inputs: context.inputs,
    ...(preset === undefined ? {} : { preset }),
    ...{ outputPrefix, orders: [], launches: [], outputs },
    usage: { taskSeconds: 0, lostSeconds: 0, cpuSeconds: 0, estimatedUsd: 0 },
    pending: [],
  };
}
