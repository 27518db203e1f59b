import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Order, OrderAccess, OrderInput } from '../../../core/order';
import type { Preset } from '../../../core/preset';
import { presetSchema } from '../../../core/preset';
import type { TaskLimits } from '../../../core/delivery';
import { createLog } from '../../../container/log';
import { mediaTools } from '../../../container/media/tools';
import { drainOrders } from '../../../container/order-loop';
import { WorkerStatus } from '../../../container/status/worker-status';
import { FakeS3, SIGNATURE } from './fake-s3';
import { MemoryQueues } from './memory-queues';

export const TOOLS = mediaTools(join(__dirname, '../../../container'));

/** One of the presets that are shipped. */
export async function shippedPreset(name: string): Promise<Preset> {
  const text = await readFile(join(__dirname, '../../../presets', `${name}.json`), 'utf8');
  return presetSchema.parse(JSON.parse(text));
}

export function presetOf(outputs: readonly object[]): Preset {
  return presetSchema.parse({ outputs });
}

const openShops = new Set<Workshop>();
afterAll(async () => {
  await Promise.all([...openShops].map(shop => shop.close()));
});

/** A worker with all that it needs: a stand-in for S3, queues in memory, a folder, and what it logged. */
export class Workshop {
  readonly queues = new MemoryQueues();
  readonly logged: string[] = [];
  readonly stop = new AbortController();
  readonly status = new WorkerStatus({ taskId: 'task1', stop: this.stop.signal });
  limits: TaskLimits = { vcpu: 16, memoryMiB: 120 * 1024 };

  private constructor(
    readonly s3: FakeS3,
    readonly folder: string,
  ) {}

  /** Closed with its test file at the latest: jest would wait for ever for one that a failed test left open. */
  static async open(): Promise<Workshop> {
    const shop = new Workshop(await FakeS3.start(), await mkdtemp(join(tmpdir(), 'workshop-')));
    openShops.add(shop);
    return shop;
  }

  async close(): Promise<void> {
    if (!openShops.delete(this)) return;
    await this.s3.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Lays out a source and its ticket, and returns the order for them. */
  order(source: Buffer, preset: Preset, changes: Partial<Order> = {}): Order {
    const key = 'source/clip.mp4';
    this.s3.objects.set(key, source);
    const inputUrls = Object.fromEntries(
      (changes.inputs ?? []).map(({ id }) => [id, this.s3.url(`input/${id}`)]),
    );
    this.writeTicket({ schema: 'spotreel.ticket/1', generation: 1, inputUrls });
    return {
      schema: 'spotreel.order/1',
      jobId: 'job-1',
      orderId: 'encode',
      generation: 1,
      work: { kind: 'encode-whole' },
      issuedAt: new Date().toISOString(),
      source: { fileName: 'clip.mp4', sizeBytes: source.length, etag: this.s3.etag(key) },
      inputs: [],
      outputs: preset.outputs,
      needs: preset.task,
      limits: { wallClockSeconds: 120, stallSeconds: 30 },
      access: this.access(),
      ...changes,
    };
  }

  /** Lays out a file that an order takes beside its source. */
  input(fileName: string, body: Buffer, use: OrderInput['use']): OrderInput {
    const key = `input/${fileName}`;
    this.s3.objects.set(key, body);
    return { id: fileName, fileName, sizeBytes: body.length, etag: this.s3.etag(key), use };
  }

  access(changes: Partial<OrderAccess> = {}): OrderAccess {
    return {
      expiresAt: new Date(Date.now() + 3_300_000).toISOString(),
      sourceUrl: this.s3.url('source/clip.mp4'),
      ticketUrl: this.s3.url('ticket.json'),
      post: {
        url: `${this.s3.origin}/`,
        fields: {
          'X-Amz-Signature': SIGNATURE,
          Policy: 'secretpolicy',
          'x-amz-checksum-algorithm': 'SHA256',
        },
      },
      keyPrefix: 'work/job-1/encode/',
      postMaxBytes: 5 * 1024 ** 3,
      multipart: {},
      ...changes,
    };
  }

  writeTicket(ticket: object): void {
    this.s3.objects.set('ticket.json', Buffer.from(JSON.stringify(ticket)));
  }

  /** Lets the worker take what is in the queue, until it is idle. */
  async work(lingerSeconds = 0): Promise<void> {
    await drainOrders({
      environment: { leaseSeconds: 120, lingerSeconds, workFolder: this.folder },
      task: {
        taskArn: 'arn:aws:ecs:eu-central-1:1:task/cluster/task1',
        taskId: 'task1',
        limits: this.limits,
      },
      queues: this.queues,
      tools: TOOLS,
      status: this.status,
      log: createLog({}, line => this.logged.push(line)),
      stop: this.stop.signal,
    });
  }

  /** Everything that left the worker by other ways than an upload. */
  get traces(): string {
    return `${this.logged.join('')}${JSON.stringify(this.queues.reports)}`;
  }

  async leftovers(): Promise<string[]> {
    return readdir(this.folder);
  }
}
