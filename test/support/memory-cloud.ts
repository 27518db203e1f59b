import type { TaskNote } from '../../core/attempts';
import type { PublishResult } from '../../core/completion';
import { controlKey, parseControlKey } from '../../core/control';
import type { ManifestUpload, VideoUpload } from '../../core/pairing';
import type { JobRecord } from '../../core/job';
import { isTerminal, summaryKey } from '../../core/job';
import type { LaunchResult } from '../../core/launch';
import type { Measurement } from '../../core/metrics-of-change';
import type { Order, Ticket } from '../../core/order';
import type { OrderReport } from '../../core/report';
import type { Settings } from '../../core/settings';
import type { TaskSight } from '../../core/sweep';
import type { Cloud, Receipt, StoredJob } from '../../handlers/cloud';
import { MP4_HEAD, PRESET_TEXT, START, makeSettings, taskArn } from './builders';

/** All of `Cloud` in memory, with what the handlers did laid open, and a fault that can be set for any one call. */
export interface MemoryCloud extends Cloud {
  readonly state: {
    now: Date;
    videos: Map<string, VideoUpload>;
    manifests: Map<string, ManifestUpload & { text: string }>;
    heads: Map<string, Uint8Array>;
    presets: Map<string, string>;
    records: Map<string, { job: JobRecord; version: number }>;
    open: Set<string>;
    waiting: Set<string>;
    /** `<file key> <video key>`. */
    wanted: Set<string>;
    /** Keys below control/. */
    control: Set<string>;
    receipts: Receipt[];
    reconciledAt: Date | undefined;
    queue: Order[];
    hidden: string[];
    held: string[];
    tickets: Map<string, Ticket>;
    /** By `<job id>/<order id>`: what workers stored of the end of their orders. */
    results: Map<string, OrderReport>;
    /** What `lacking` says of any files. */
    lacking: string | undefined;
    published: string[];
    publishResult: PublishResult | undefined;
    cleared: string[];
    summaries: Map<string, JobRecord>;
    launches: string[];
    launchResult: LaunchResult | undefined;
    tasks: Map<string, TaskSight>;
    stopped: string[];
    notes: Map<string, TaskNote>;
    measured: Measurement[];
    logged: string[];
    /** Name of the call that throws once, as if the process had died there: before or after it took effect. */
    crash: { call: string; when: 'before' | 'after' } | undefined;
  };
  job(): JobRecord;
}

export function memoryCloud(changes: Partial<Settings> = {}): MemoryCloud {
  const settings = makeSettings(changes);
  const state: MemoryCloud['state'] = {
    now: START,
    videos: new Map(),
    manifests: new Map(),
    heads: new Map(),
    presets: new Map([['web', PRESET_TEXT]]),
    records: new Map(),
    open: new Set(),
    waiting: new Set(),
    wanted: new Set(),
    control: new Set(),
    receipts: [],
    reconciledAt: undefined,
    queue: [],
    hidden: [],
    held: [],
    tickets: new Map(),
    results: new Map(),
    lacking: undefined,
    published: [],
    publishResult: undefined,
    cleared: [],
    summaries: new Map(),
    launches: [],
    launchResult: undefined,
    tasks: new Map(),
    stopped: [],
    notes: new Map(),
    measured: [],
    logged: [],
    crash: undefined,
  };
  const log = (message: string, fields?: object): void => {
    state.logged.push(`${message} ${JSON.stringify(fields ?? {})}`);
  };
  const store = (job: JobRecord, version: number): StoredJob => {
    state.records.set(job.jobId, { job: structuredClone(job), version });
    return { job: structuredClone(job), etag: String(version) };
  };
  const step = async <T>(call: string, effect: () => T): Promise<T> => {
    if (state.crash?.call === call && state.crash.when === 'before') {
      state.crash = undefined;
      throw new Error(`crashed before ${call}`);
    }
    const result = effect();
    if (state.crash?.call === call) {
      state.crash = undefined;
      throw new Error(`crashed after ${call}`);
    }
    return result;
  };

  return {
    state,
    settings,
    now: () => state.now,
    log: { info: log, warn: log, error: log },
    measure: measurement => {
      state.measured.push(measurement);
    },
    job() {
      const [record] = state.records.values();
      if (record === undefined || state.records.size !== 1)
        throw new Error(`there are ${state.records.size} records`);
      return record.job;
    },
    source: {
      hide: async (receiptHandle, seconds) => void state.hidden.push(`${receiptHandle}: ${seconds}`),
      hold: async (receiptHandles, seconds) => {
        for (const handle of receiptHandles) state.held.push(`${handle}: ${seconds}`);
      },
    },
    inbox: {
      bucket: 'inbox',
      video: async key => state.videos.get(key),
      manifest: async key => state.manifests.get(key),
      manifestText: async key => state.manifests.get(key)?.text ?? '',
      head: async key => state.heads.get(key) ?? MP4_HEAD,
      async *keys(prefix) {
        yield* [...state.videos.keys()].filter(key => key.startsWith(prefix));
      },
      async *list() {
        for (const [key, { versionId, uploadedAt }] of state.videos) yield { key, versionId, uploadedAt };
        for (const [key, { versionId, uploadedAt }] of state.manifests)
          yield { key: `${key}.json`, versionId, uploadedAt };
      },
    },
    presets: {
      text: async name => state.presets.get(name),
      names: async () => [...state.presets.keys()],
      file: async () => undefined,
    },
    jobs: {
      async read(jobId) {
        const record = state.records.get(jobId);
        return record === undefined
          ? undefined
          : { job: structuredClone(record.job), etag: String(record.version) };
      },
      create: job => step('jobs.create', () => (state.records.has(job.jobId) ? undefined : store(job, 1))),
      replace: (job, etag) =>
        step('jobs.replace', () => {
          const version = state.records.get(job.jobId)?.version;
          return String(version) === etag ? store(job, Number(etag) + 1) : undefined;
        }),
      markOpen: jobId => step('jobs.markOpen', () => void state.open.add(jobId)),
      clearOpen: jobId => step('jobs.clearOpen', () => void state.open.delete(jobId)),
      async *open() {
        yield* [...state.open];
      },
      async *idsSince(time) {
        yield* [...state.records.keys()].filter(id => id >= time);
      },
      markWaiting: async key => void state.waiting.add(key),
      clearWaiting: async key => void state.waiting.delete(key),
      async *waiting() {
        yield* [...state.waiting];
      },
      markWanted: async ({ fileKey, videoKey }) => void state.wanted.add(`${fileKey} ${videoKey}`),
      clearWanted: async ({ fileKey, videoKey }) => void state.wanted.delete(`${fileKey} ${videoKey}`),
      async *wantedBy(fileKey) {
        for (const wanted of [...state.wanted]) {
          const [file, videoKey = ''] = wanted.split(' ');
          if (file === fileKey) yield videoKey;
        }
      },
      async addReceipt(receipt) {
        if (state.receipts.some(other => other.taskArn === receipt.taskArn)) return false;
        state.receipts.push(receipt);
        return true;
      },
      async *requests() {
        for (const key of state.control) {
          const request = parseControlKey(key);
          if (request !== undefined) yield request;
        }
      },
      clearRequest: async request => void state.control.delete(controlKey(request)),
      lastReconciledAt: async () => state.reconciledAt,
      noteReconciled: async at => void (state.reconciledAt = at),
    },
    orders: {
      send: (order, { ahead }) =>
        step('orders.send', () => void (ahead ? state.queue.unshift(order) : state.queue.push(order))),
      isEmpty: async () => state.queue.length === 0,
      removeStale: async isStale => {
        const stale: Order[] = [];
        for (const order of state.queue) if (await isStale(order)) stale.push(order);
        state.queue = state.queue.filter(order => !stale.includes(order));
        return stale.length;
      },
    },
    work: {
      grant: (job, order) =>
        step('work.grant', () => ({
          access: {
            expiresAt: new Date(state.now.getTime() + 3_300_000).toISOString(),
            sourceUrl: 'https://inbox.example/source?X-Amz-Signature=secret',
            ticketUrl: 'https://state.example/ticket?X-Amz-Signature=secret',
            post: { url: 'https://state.example/', fields: {} },
            keyPrefix: `work/${job.jobId}/${order.orderId}/`,
            postMaxBytes: 1000,
            multipart: {},
          },
          multipart: {},
          inputUrls: {},
        })),
      writeTicket: ({ jobId, orderId, ticket }) =>
        step('work.writeTicket', () => void state.tickets.set(`${jobId}/${orderId}`, ticket)),
      closeOrder: ({ jobId, orderId }) =>
        step('work.closeOrder', () => void state.tickets.delete(`${jobId}/${orderId}`)),
      result: async ({ jobId, orderId }) => state.results.get(`${jobId}/${orderId}`),
      lacking: async () => state.lacking,
      publish: job =>
        step('work.publish', () => {
          state.published.push(job.jobId);
          const outputs = (job.results ?? []).map(facts => ({
            ...facts,
            bucket: 'outbox',
            key: `${job.outputPrefix}/${facts.fileName}`,
          }));
          return state.publishResult ?? { kind: 'published', outputs };
        }),
      clear: job => step('work.clear', () => void state.cleared.push(job.jobId)),
    },
    outbox: {
      summaries: async videoKey =>
        [...state.summaries.values()].flatMap(({ jobId, status, ...job }) =>
          job.videoKey === videoKey && isTerminal(status) ? [{ jobId, status, etag: jobId }] : [],
        ),
      putSummary: (job, overEtag) =>
        step('outbox.putSummary', () => {
          const key = summaryKey(job.videoKey, job.status);
          if (state.summaries.get(key)?.jobId !== overEtag) return false;
          state.summaries.set(key, job);
          return true;
        }),
      removeSummary: (videoKey, { status, etag }) =>
        step('outbox.removeSummary', () => {
          const key = summaryKey(videoKey, status);
          if (state.summaries.get(key)?.jobId === etag) state.summaries.delete(key);
        }),
    },
    tasks: {
      start: (job, launch, place) =>
        step('tasks.start', () => {
          // A repeated token finds the task of the first call.
          const token = `${job.jobId}-${launch.launch}`;
          const result = state.launchResult ?? {
            kind: 'started',
            taskArn: taskArn(launch.launch),
            capacityProvider: launch.capacityProvider ?? 'FARGATE_SPOT',
          };
          if (state.launches.includes(token)) return result;
          state.launches.push(token);
          if (result.kind === 'started') {
            state.tasks.set(result.taskArn, {
              kind: 'live',
              taskArn: result.taskArn,
              startedBy: job.jobId,
              createdAt: state.now,
              ...(place === undefined ? {} : { networkId: place.networkId }),
            });
          }
          return result;
        }),
      isFull: async () =>
        [...state.tasks.values()].filter(({ kind }) => kind === 'live').length >= settings.maxTasks,
      stop: (arn, reason) =>
        step('tasks.stop', () => void state.stopped.push(`${arn.split('/').at(-1) ?? ''}: ${reason}`)),
      see: async arns =>
        new Map(arns.map(arn => [arn, state.tasks.get(arn) ?? { kind: 'unknown', taskArn: arn }])),
      async *live() {
        for (const sight of state.tasks.values()) if (sight.kind === 'live') yield sight;
      },
      note: async (arn, inHand) =>
        void state.notes.set(arn, { at: state.now, ...(inHand === null ? {} : { inHand }) }),
      noted: async arn => state.notes.get(arn),
      forget: async arn => void state.notes.delete(arn),
    },
  };
}

export function upload(
  cloud: MemoryCloud,
  key: string,
  options: { versionId?: string; metadata?: Record<string, string>; text?: string } = {},
): void {
  const { versionId = 'v1', metadata = {}, text = '{"preset":"web"}' } = options;
  if (key.endsWith('.json')) {
    cloud.state.manifests.set(key.slice(0, -'.json'.length), {
      versionId,
      sizeBytes: text.length,
      uploadedAt: cloud.state.now,
      text,
    });
  } else {
    cloud.state.videos.set(key, {
      versionId,
      etag: '"e"',
      sizeBytes: 1000,
      uploadedAt: cloud.state.now,
      metadata,
    });
  }
}
