import { controlKey, keepsResults } from '../core/control';
import type { PublishResult } from '../core/completion';
import type { JobRecord, PublishedOutput, TerminalStatus } from '../core/job';
import type { Order } from '../core/order';
import { ticketKey, workPrefix } from '../core/order';
import type { Settings } from '../core/settings';
import type { TaskSight } from '../core/sweep';
import type { Cloud, StoredJob } from '../handlers/cloud';
import type { Condition } from '../handlers/publish-over';
import { publishOver } from '../handlers/publish-over';
import type { Measurement } from '../core/metrics-of-change';
import type { Fargate } from './fargate';
import { SIGNATURE } from './invariants';
import type { Invariants } from './invariants';
import type { MessageQueue } from './message-queue';
import type { Storage } from './storage';

/** Every call of a handler goes through here: it takes time, and may fail, be answered by an error or be the last. */
export type Call = <T>(name: string, effect: () => T) => Promise<T>;

export interface CloudParts {
  readonly settings: Settings;
  readonly storage: Storage;
  readonly orders: MessageQueue<string>;
  readonly urgentOrders: MessageQueue<string>;
  readonly fargate: Fargate;
  readonly invariants: Invariants;
  readonly now: () => Date;
  readonly hide: (receiptHandle: string, seconds: number) => void;
  readonly onMeasure: (measurement: Measurement) => void;
  /** A record was written. */
  readonly onWrite: (before: JobRecord | undefined, after: JobRecord) => void;
  readonly onClosed: (jobId: string) => void;
  /** Whether a condition that does not hold is taken for one that does. */
  readonly ignoresCondition: () => boolean;
}

/** First bytes of an MP4 file. */
const MP4_HEAD = Buffer.from('\0\0\0\u0018ftypmp42', 'latin1');

/** What the handlers get for `Cloud`. */
export function simulatedCloud(parts: CloudParts, call: Call): Cloud {
  const { settings, storage, orders, urgentOrders, fargate, invariants, now } = parts;
  const log = (message: string, fields?: object): void =>
    invariants.unsigned('a log line', [message, fields]);
  const write = (job: JobRecord, version: number): StoredJob => {
    const before = storage.records.get(job.jobId)?.job;
    storage.records.set(job.jobId, { job, version });
    invariants.recordWritten(before, job);
    parts.onWrite(before, job);
    return { job, etag: String(version) };
  };
  const listed = async function* <T>(name: string, list: () => T[]): AsyncIterable<T> {
    yield* await call(name, list);
  };
  return {
    settings,
    now,
    log: { info: log, warn: log, error: log },
    measure: measurement => {
      invariants.unsigned('a metric', measurement);
      parts.onMeasure(measurement);
    },
    source: {
      hide: (handle, seconds) => call('source.hide', () => parts.hide(handle, seconds)),
      hold: (handles, seconds) =>
        call('source.hold', () => handles.forEach(handle => parts.hide(handle, seconds))),
    },
    inbox: {
      bucket: 'inbox',
      video: key => call('inbox.video', () => storage.videos.get(key)),
      manifest: key => call('inbox.manifest', () => storage.manifests.get(key)),
      manifestText: key => call('inbox.manifestText', () => storage.manifests.get(key)?.text ?? ''),
      keys: prefix =>
        listed('inbox.keys', () => [...storage.videos.keys()].filter(key => key.startsWith(prefix))),
      head: () => call('inbox.head', () => MP4_HEAD),
      list: () =>
        listed('inbox.list', () => [
          ...[...storage.videos].map(([key, { versionId, uploadedAt }]) => ({ key, versionId, uploadedAt })),
          ...[...storage.manifests].map(([key, { versionId, uploadedAt }]) => ({
            key: `${key}.json`,
            versionId,
            uploadedAt,
          })),
        ]),
    },
    presets: {
      text: name => call('presets.text', () => storage.presets.get(name)),
      names: () => call('presets.names', () => [...storage.presets.keys()]),
      file: () => call('presets.file', () => undefined),
    },
    jobs: {
      read: jobId =>
        call('jobs.read', () => {
          const record = storage.records.get(jobId);
          return record === undefined ? undefined : { job: record.job, etag: String(record.version) };
        }),
      create: job => call('jobs.create', () => (storage.records.has(job.jobId) ? undefined : write(job, 1))),
      replace: (job, etag) =>
        call('jobs.replace', () =>
          String(storage.records.get(job.jobId)?.version) === etag || parts.ignoresCondition()
            ? write(job, Number(etag) + 1)
            : undefined,
        ),
      markOpen: jobId => call('jobs.markOpen', () => void storage.open.add(jobId)),
      clearOpen: jobId =>
        call('jobs.clearOpen', () => {
          storage.open.delete(jobId);
          parts.onClosed(jobId);
        }),
      open: () => listed('jobs.open', () => [...storage.open].sort()),
      idsSince: time => listed('jobs.idsSince', () => [...storage.records.keys()].filter(id => id >= time)),
      markWaiting: key => call('jobs.markWaiting', () => void storage.waiting.add(key)),
      clearWaiting: key => call('jobs.clearWaiting', () => void storage.waiting.delete(key)),
      waiting: () => listed('jobs.waiting', () => [...storage.waiting]),
      // Nor does any upload of it need another file.
      markWanted: () => call('jobs.markWanted', () => undefined),
      clearWanted: () => call('jobs.clearWanted', () => undefined),
      wantedBy: () => listed('jobs.wantedBy', () => []),
      addReceipt: receipt =>
        call('jobs.addReceipt', () => {
          if (storage.receipts.has(receipt.taskArn)) return false;
          storage.receipts.set(receipt.taskArn, receipt);
          return true;
        }),
      requests: () => listed('jobs.requests', () => [...storage.requests.values()]),
      clearRequest: request =>
        call('jobs.clearRequest', () => void storage.requests.delete(controlKey(request))),
      lastReconciledAt: () => call('jobs.lastReconciledAt', () => storage.reconciledAt),
      noteReconciled: at => call('jobs.noteReconciled', () => void (storage.reconciledAt = at)),
    },
    orders: {
      send: (order, { ahead }) =>
        call('orders.send', () => (ahead ? urgentOrders : orders).send(JSON.stringify(order))),
      isEmpty: () => call('orders.isEmpty', () => orders.isEmpty && urgentOrders.isEmpty),
      removeStale: async isStale => {
        let removed = 0;
        for (const queue of [orders, urgentOrders]) {
          const found = await call('orders.receive', () =>
            queue.receiveBatch({ most: 100, visibilitySeconds: 120 }),
          );
          for (const { body, receiptHandle } of found) {
            const isOver = await isStale(JSON.parse(body) as Order);
            await call('orders.settle', () =>
              isOver ? queue.remove(receiptHandle) : queue.hide(receiptHandle, 0),
            );
            removed += isOver ? 1 : 0;
          }
        }
        return removed;
      },
    },
    work: {
      grant: (job, order) =>
        call('work.grant', () => ({
          access: makeAccess(job, { ...order, now: now(), settings }),
          multipart: {},
          inputUrls: {},
        })),
      writeTicket: ({ jobId, orderId, ticket }) =>
        call('work.writeTicket', () => void storage.tickets.set(`${jobId}/${orderId}`, ticket)),
      closeOrder: ({ jobId, orderId }) =>
        call('work.closeOrder', () => void storage.tickets.delete(`${jobId}/${orderId}`)),
      result: ({ jobId, orderId }) => call('work.result', () => storage.results.get(`${jobId}/${orderId}`)),
      lacking: files =>
        call('work.lacking', () => {
          const file = files.find(({ key, sizeBytes }) => storage.workFile(key)?.sizeBytes !== sizeBytes);
          return file && `${file.fileName} is not there`;
        }),
      publish: job => publishResults(parts, call, job),
      clear: job =>
        call('work.clear', () => {
          if (!keepsResults(job)) storage.work.delete(job.jobId);
          for (const { orderId } of job.orders) {
            storage.tickets.delete(`${job.jobId}/${orderId}`);
            storage.results.delete(`${job.jobId}/${orderId}`);
          }
        }),
    },
    outbox: {
      summaries: key => call('outbox.summaries', () => storage.summariesOf(key)),
      putSummary: (job, overEtag) =>
        call('outbox.putSummary', () => {
          const all = storage.summaries.get(job.videoKey) ?? new Map<TerminalStatus, string>();
          if (all.get(job.status) !== overEtag) return false;
          storage.summaries.set(job.videoKey, all.set(job.status, job.jobId));
          return true;
        }),
      removeSummary: (key, { status, etag }) =>
        call('outbox.removeSummary', () => {
          const all = storage.summaries.get(key);
          if (all?.get(status) === etag) all.delete(status);
        }),
    },
    tasks: {
      start: (job, launch) => call('tasks.start', () => fargate.start(job, launch)),
      isFull: () => call('tasks.isFull', () => fargate.liveCount >= settings.maxTasks),
      stop: (arn, reason) => call('tasks.stop', () => fargate.stop(arn, reason)),
      see: arns => call('tasks.see', () => new Map(arns.map(arn => [arn, fargate.see(arn)]))),
      live: () =>
        listed('tasks.live', () =>
          fargate.wanted().map(({ taskArn }) => fargate.see(taskArn) as Extract<TaskSight, { kind: 'live' }>),
        ),
      note: (arn, inHand) =>
        call(
          'tasks.note',
          () => void storage.notes.set(arn, { at: now(), ...(inHand === null ? {} : { inHand }) }),
        ),
      noted: arn => call('tasks.noted', () => storage.notes.get(arn)),
      forget: arn => call('tasks.forget', () => void storage.notes.delete(arn)),
    },
  };
}

/** As the adapter does it: each result is looked at, copied, and its copy's SHA-256 compared. */
async function publishResults(
  { storage, invariants, ignoresCondition }: CloudParts,
  call: Call,
  job: JobRecord,
): Promise<PublishResult> {
  const outputs: PublishedOutput[] = [];
  for (const { parts: _parts, ...facts } of job.results ?? []) {
    const stored = await call('publish.head', () => storage.workFile(facts.key));
    if (stored === undefined) return { kind: 'refused', reason: `output "${facts.name}": it is not there` };
    const key = `${job.outputPrefix}/${facts.fileName}`;
    const copied = await publishOver(job.jobId, {
      write: condition =>
        call('publish.copy', () => {
          const before = storage.published.get(key);
          if (!holds(condition, before) && !ignoresCondition()) return undefined;
          storage.published.set(key, { ...stored, jobId: job.jobId });
          invariants.published(job, before, stored);
          return stored;
        }),
      look: () =>
        call('publish.look', () => {
          const there = storage.published.get(key);
          return (
            there && {
              ...{ etag: there.sha256, jobId: there.jobId },
              ...(there.sha256 === facts.sha256 ? { written: there } : {}),
            }
          );
        }),
    });
    if (copied.kind === 'superseded') return copied;
    if (stored.sha256 !== facts.sha256)
      return { kind: 'refused', reason: `output "${facts.name}": its SHA-256 is another` };
    outputs.push({ ...facts, bucket: 'outbox', key });
  }
  return { kind: 'published', outputs };
}

function holds(condition: Condition, there: { sha256: string } | undefined): boolean {
  return 'ifMatch' in condition ? there?.sha256 === condition.ifMatch : there === undefined;
}

function makeAccess(
  job: JobRecord,
  order: { orderId: string; now: Date; settings: Settings },
): Order['access'] {
  const expiresAt = new Date(order.now.getTime() + order.settings.urlSeconds * 1000).toISOString();
  const query = `${SIGNATURE}&expires=${expiresAt}`;
  return {
    expiresAt,
    sourceUrl: `https://inbox.example/source?versionId=${job.source?.versionId ?? ''}&${query}`,
    ticketUrl: `https://state.example/${ticketKey(job.jobId, order.orderId)}?${query}`,
    post: { url: 'https://state.example/', fields: { 'X-Amz-Signature': '5ec4e7' } },
    keyPrefix: workPrefix(job.jobId, order.orderId),
    postMaxBytes: 5 * 1024 ** 3,
    multipart: {},
  };
}
