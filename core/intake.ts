import { newOrder } from './chunked-job';
import { hurryIfLate, readDeadline } from './deadline';
import type { FoundFile, FurtherFile } from './further-files';
import { furtherProblems, presetFiles } from './further-files';
import type { JobInput, JobRecord } from './job';
import { addLaunch } from './launch';
import type { Manifest } from './manifest';
import { MANIFEST_MAX_BYTES, manifestSchema } from './manifest';
import type { ManifestUpload, UploadPair, VideoUpload } from './pairing';
import { resolvePreset } from './preset-bases';
import type { Parsed, Problem } from './problem';
import { nearest, parseJson } from './problem';
import type { Failure } from './report';
import type { Settings } from './settings';
import { manifestKey } from './upload-key';
import { uploadProblems } from './upload-problems';

/** What a job is asked to be, as far as it could be read. */
export type Request =
  | { readonly kind: 'ok'; readonly manifest: Manifest; readonly manifestVersionId?: string }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

/** @param text body of the manifest; undefined when it is larger than any manifest may be */
export function readManifest(text: string | undefined, upload: ManifestUpload): Request {
  if (text === undefined) {
    return {
      kind: 'invalid',
      problems: [
        {
          pointer: '',
          value: `${upload.sizeBytes} bytes`,
          fix: `A manifest has at most ${MANIFEST_MAX_BYTES} bytes. Upload a smaller one.`,
        },
      ],
    };
  }
  const parsed = parseJson(text, manifestSchema);
  return parsed.kind === 'ok'
    ? { kind: 'ok', manifest: parsed.value, manifestVersionId: upload.versionId }
    : parsed;
}

export function requestByMetadata(presetName: string): Request {
  const parsed = parseJson(JSON.stringify({ preset: presetName }), manifestSchema);
  if (parsed.kind === 'ok') return { kind: 'ok', manifest: parsed.value };
  return {
    kind: 'invalid',
    problems: parsed.problems.map(problem => ({ ...problem, pointer: `/metadata${problem.pointer}` })),
  };
}

export interface IntakeFacts {
  readonly jobId: string;
  readonly pair: UploadPair & { readonly video: VideoUpload };
  readonly request: Request;
  /** First bytes of the video. */
  readonly head: Uint8Array;
  /** Body of the preset asked for; undefined when there is none of that name. */
  readonly presetText: string | undefined;
  /** Bodies of the presets that it builds on, by name. */
  readonly presetBases: ReadonlyMap<string, string>;
  /** Names of all presets there are, for suggestions. */
  readonly presetNames: readonly string[];
  /** What it takes beside the video. */
  readonly further: readonly FoundFile[];
  /** Identity that S3 named in its event, or how else the upload was found. */
  readonly uploadedBy: string;
  readonly now: Date;
  readonly settings: Settings;
}

/** The record of a new job: accepted with its first order and task pending, or rejected with every reason at once. */
export function decideIntake(facts: IntakeFacts): JobRecord {
  const { pair, request, settings } = facts;
  const upload = { videoKey: pair.videoKey, sizeBytes: pair.video.sizeBytes };
  const problems: Problem[] = uploadProblems(upload, facts.head, settings);
  if (request.kind === 'invalid') problems.push(...request.problems);
  const preset = request.kind === 'ok' ? readPreset(request.manifest.preset, facts) : undefined;
  if (preset?.kind === 'invalid') problems.push(...preset.problems);
  const named =
    request.kind === 'ok' && preset?.kind === 'ok'
      ? { name: request.manifest.preset, content: preset.value }
      : undefined;
  problems.push(...furtherProblems(decidedFiles(facts), { preset: named, settings }));

  const deadline = request.kind === 'ok' ? readDeadline(request.manifest, facts.now) : undefined;
  if (deadline?.kind === 'invalid') problems.push(deadline.problem);

  const record: JobRecord = {
    ...emptyRecord(facts),
    source: {
      bucket: pair.bucket,
      versionId: pair.video.versionId,
      etag: pair.video.etag,
      sizeBytes: pair.video.sizeBytes,
      uploadedAt: pair.video.uploadedAt.toISOString(),
    },
  };
  if (request.kind === 'ok') {
    record.manifest = {
      ...request.manifest,
      ...(request.manifestVersionId === undefined ? {} : { versionId: request.manifestVersionId }),
    };
    record.requestedBy = request.manifest.user ?? facts.uploadedBy;
    record.outputPrefix = request.manifest.outputPrefix ?? pair.videoKey;
    if (deadline?.kind === 'at') record.deadlineAt = deadline.deadlineAt;
  }
  if (named !== undefined && problems.length === 0) {
    record.preset = named;
    if (facts.further.length > 0) record.inputs = facts.further.flatMap(pinned);
    return acceptJob(record, facts.now, settings);
  }
  return rejected(record, problems, facts.now);
}

/** The files that an upload still has to wait for, if nothing else is in the way of the job. */
export function awaitedFiles(facts: IntakeFacts): FurtherFile[] {
  const decided = decidedFiles(facts);
  const missing = facts.further.filter(found => !decided.includes(found)).map(({ file }) => file);
  return missing.length === 0 || decideIntake(facts).status === 'rejected' ? [] : missing;
}

/** The files that are there, and those that will not come any more. */
function decidedFiles({ pair, further, now, settings }: IntakeFacts): FoundFile[] {
  const since = Math.max(pair.video.uploadedAt.getTime(), pair.manifest?.uploadedAt.getTime() ?? 0);
  const isOver = now.getTime() - since >= settings.pairingMinutes * 60_000;
  // An image of a preset is not on its way: whoever writes a preset uploads the image first.
  return further.filter(({ file, upload }) => isOver || upload !== undefined || file.bucket === 'state');
}

/** The version of a further file that lies there now, as a record keeps it. */
export function pinned({ file, upload }: FoundFile): JobInput[] {
  if (upload === undefined) return [];
  const { id, bucket, key, use } = file;
  const { versionId, etag, sizeBytes, uploadedAt } = upload;
  return [
    {
      ...{ id, bucket, key, etag, sizeBytes, use },
      ...(bucket === 'inbox' ? { versionId } : {}),
      uploadedAt: uploadedAt.toISOString(),
    },
  ];
}

/** The record of a half that waited in vain for the other. */
export function rejectUnpaired(options: {
  jobId: string;
  videoKey: string;
  missing: 'video' | 'manifest';
  now: Date;
  settings: Settings;
}): JobRecord {
  const { jobId, videoKey, missing, now, settings } = options;
  const problem: Problem =
    missing === 'manifest'
      ? {
          pointer: '',
          value: videoKey,
          fix: `No manifest came within ${settings.pairingMinutes} minutes. Upload ${manifestKey(videoKey)} with {"preset": "web-720p"}, or upload the video again with --metadata preset=web-720p. If it is an intro or outro for others, nothing needs to be done: manifests can name it all the same.`,
        }
      : {
          pointer: '',
          value: manifestKey(videoKey),
          fix: `No video came within ${settings.pairingMinutes} minutes. Upload the video as ${videoKey}: its manifest has the same key with .json appended.`,
        };
  return rejected(emptyRecord({ jobId, pair: { videoKey }, uploadedBy: 'unknown', now }), [problem], now);
}

function emptyRecord(facts: {
  jobId: string;
  pair: { videoKey: string };
  uploadedBy: string;
  now: Date;
}): JobRecord {
  return {
    schema: 'spotreel.job/1',
    jobId: facts.jobId,
    status: 'accepted',
    acceptedAt: facts.now.toISOString(),
    updatedAt: facts.now.toISOString(),
    requestedBy: facts.uploadedBy,
    videoKey: facts.pair.videoKey,
    outputPrefix: facts.pair.videoKey,
    orders: [],
    launches: [],
    outputs: [],
    usage: { taskSeconds: 0, lostSeconds: 0, cpuSeconds: 0, estimatedUsd: 0 },
    pending: [],
  };
}

/** The files that the preset which is asked for names. */
export function filesOfPreset(facts: IntakeFacts): FurtherFile[] {
  const preset = facts.request.kind === 'ok' ? readPreset(facts.request.manifest.preset, facts) : undefined;
  return preset?.kind === 'ok' ? presetFiles(preset.value) : [];
}

function readPreset(name: string, facts: IntakeFacts): Parsed<JobPreset> {
  if (facts.presetText === undefined) {
    const near = nearest(name, facts.presetNames);
    const known =
      facts.presetNames.length === 0 ? 'There are none yet' : `There are: ${facts.presetNames.join(', ')}`;
    return {
      kind: 'invalid',
      problems: [
        {
          pointer: '/preset',
          value: name,
          fix: `No preset has this name.${near === undefined ? '' : ` Did you mean "${near}"?`} ${known}. Upload yours to presets/${name}.json of the state bucket.`,
        },
      ],
    };
  }
  const texts = { name, text: facts.presetText, bases: facts.presetBases };
  const resolved = resolvePreset(texts, facts.presetNames);
  if (resolved.kind === 'ok') return resolved;
  return {
    kind: 'invalid',
    problems: resolved.problems.map(problem =>
      problem.pointer.startsWith('presets/')
        ? problem
        : { ...problem, pointer: `presets/${name}.json#${problem.pointer}` },
    ),
  };
}

type JobPreset = NonNullable<JobRecord['preset']>['content'];

/** A short video is one order from probe to finished files. */
const WHOLE_ORDER_ID = 'whole';

/** The record with its first order and task pending. */
export function acceptJob(record: JobRecord, now: Date, settings: Settings): JobRecord {
  const split = { aboveSeconds: settings.splitAboveSeconds, chunkSeconds: settings.chunkSeconds };
  const accepted: JobRecord = {
    ...record,
    orders: [newOrder(WHOLE_ORDER_ID, { kind: 'encode-whole', split }, now)],
    pending: [{ kind: 'issueOrder', orderId: WHOLE_ORDER_ID, generation: 1 }],
  };
  return addLaunch(hurryIfLate(accepted, { now, settings }), { reason: 'accepted', now, settings });
}

function rejected(record: JobRecord, problems: readonly Problem[], now: Date): JobRecord {
  return {
    ...record,
    status: 'rejected',
    finishedAt: now.toISOString(),
    problems: [...problems],
    failure: rejection(problems),
  };
}

function rejection(problems: readonly Problem[]): Failure {
  const [first] = problems;
  return {
    code: 'UPLOAD_REJECTED',
    message:
      problems.length === 1 ? 'One thing must be changed.' : `${problems.length} things must be changed.`,
    fix: first?.fix ?? '',
    retryable: false,
    blame: 'source',
  };
}
