import { decideIntake, requestByMetadata } from '../../core/intake';
import type { JobRecord } from '../../core/job';
import { settleLaunch } from '../../core/launch';
import type { OutputFacts, Report, SourceFacts } from '../../core/report';
import type { Settings } from '../../core/settings';
import { settingsSchema } from '../../core/settings';
import { SNIFF_BYTES } from '../../core/sniff';
import type { StoppedTask } from '../../core/task-state';

export const START = new Date('2026-01-02T03:04:05.000Z');

export function at(seconds: number): Date {
  return new Date(START.getTime() + seconds * 1000);
}

export function makeSettings(changes: Partial<Settings> = {}): Settings {
  return { ...settingsSchema.parse({}), ...changes };
}

export function taskArn(id: string | number): string {
  return `arn:aws:ecs:us-east-1:000000000000:task/cluster/${id}`;
}

/** First bytes of an MP4 file. */
export const MP4_HEAD = Buffer.from('\0\0\0\u0018ftypmp42', 'latin1');

export const PRESET_TEXT = JSON.stringify({
  outputs: [{ kind: 'video', name: 'web', video: {}, audio: {} }],
});

/** A job just accepted: order 1 and launch 1 are pending; or rejected, when the upload is no video. */
export function acceptedJob(
  changes: { settings?: Settings; presetText?: string; upload?: Buffer } = {},
): JobRecord {
  return decideIntake({
    jobId: '20260102T030405Z-0123456789abcdef',
    pair: {
      bucket: 'inbox',
      videoKey: 'clips/cat.mp4',
      video: {
        versionId: 'v1',
        etag: '"e1"',
        sizeBytes: changes.upload?.length ?? 1000,
        uploadedAt: START,
        metadata: { preset: 'web' },
      },
      manifest: undefined,
    },
    request: requestByMetadata('web'),
    head: changes.upload?.subarray(0, SNIFF_BYTES) ?? MP4_HEAD,
    presetText: changes.presetText ?? PRESET_TEXT,
    presetBases: new Map(),
    presetNames: [],
    further: [],
    uploadedBy: 'AIDAEXAMPLE',
    now: START,
    settings: changes.settings ?? makeSettings(),
  });
}

/** The order is on the queue and task `task` was started for it. */
export function launchedJob(task: string | number = 1, settings: Settings = makeSettings()): JobRecord {
  const job = acceptedJob({ settings });
  const issued = { ...job, pending: job.pending.filter(({ kind }) => kind !== 'issueOrder') };
  return settleLaunch(issued, 1, {
    result: { kind: 'started', taskArn: taskArn(task), capacityProvider: 'FARGATE_SPOT' },
    now: START,
  });
}

export const SOURCE_FACTS: SourceFacts = {
  format: 'mov,mp4,m4a,3gp,3g2,mj2',
  durationSeconds: 10,
  video: { codec: 'h264', width: 1920, height: 1080, frameRate: 25, rotationDegrees: 0 },
  audio: { codec: 'aac', channels: 2, sampleRateHz: 48000 },
};

export function makeOutput(deliveryId: string, changes: Partial<OutputFacts> = {}): OutputFacts {
  return {
    name: 'web',
    fileName: 'web.mp4',
    key: `work/20260102T030405Z-0123456789abcdef/whole/${deliveryId}/web.mp4`,
    contentType: 'video/mp4',
    sizeBytes: 500,
    sha256: 'a'.repeat(64),
    durationSeconds: 10.02,
    video: { codec: 'h264', width: 1280, height: 720 },
    ...changes,
  };
}

type ReportOf<K extends Report['kind']> = Extract<Report, { kind: K }>;

/** A report of delivery `<task>-1` of the job's only order. */
export function makeReport<K extends Exclude<Report['kind'], 'idle'>>(
  kind: K,
  changes: Partial<ReportOf<K>> & { task?: string | number } = {},
): ReportOf<K> {
  const { task = 1, ...rest } = changes;
  const deliveryId = `${task}-1`;
  const usage = { heldSeconds: 30, cpuSeconds: 50, bytesRead: 1000 };
  const extra: Record<string, object> = {
    progress: { ...usage, percent: 40, speed: 2 },
    renew: usage,
    returned: usage,
    failed: {
      ...usage,
      failure: {
        code: 'ENCODE_FAILED',
        message: 'ffmpeg ended with 1.',
        fix: 'Look.',
        retryable: true,
        blame: 'service',
      },
    },
    finished: { ...usage, source: SOURCE_FACTS, outputs: [makeOutput(deliveryId)] },
  };
  return {
    schema: 'spotreel.report/1',
    at: at(30).toISOString(),
    worker: { taskArn: taskArn(task) },
    kind,
    jobId: '20260102T030405Z-0123456789abcdef',
    orderId: 'whole',
    generation: 1,
    deliveryId,
    ...extra[kind],
    ...rest,
  } as unknown as ReportOf<K>;
}

export function stopped(task: string | number, changes: Partial<StoppedTask> = {}): StoppedTask {
  return { taskArn: taskArn(task), stopCode: 'EssentialContainerExited', exitCode: 137, ...changes };
}
