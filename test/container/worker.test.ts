import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWorker, WORKER_FILE } from '../../container/build';
import { makeClip, silentClip } from './support/clips';
import { SIGNATURE } from './support/fake-s3';
import { FakeSqs } from './support/fake-sqs';
import { presetOf, Workshop } from './support/workshop';

/** On a busy machine even a short order lasts long enough to be reported on. */
function kindsBesideProgress(sqs: FakeSqs): string[] {
  return sqs.reports.map(({ kind }) => kind).filter(kind => kind !== 'progress');
}

/** A clip that takes some seconds with a slow preset. */
function slowClip(seconds: number): Buffer {
  return makeClip('long.mp4', [
    ...['-f', 'lavfi', '-i', `testsrc2=size=640x360:rate=25:duration=${seconds}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'],
  ]);
}

/** Name of a process; none when it has just ended. */
function nameOf(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Id of the ffmpeg that a worker has started, as soon as it has. */
async function encoderOf(workerPid = 0): Promise<number> {
  for (;;) {
    const threads = readdirSync(`/proc/${workerPid}/task`);
    const children = threads.flatMap(thread =>
      readFileSync(`/proc/${workerPid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
    );
    const encoder = children.find(pid => nameOf(pid) === 'ffmpeg');
    if (encoder !== undefined) return Number(encoder);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

describe('the bundled worker as a process', () => {
  const bundle = mkdtempSync(join(tmpdir(), 'worker-'));
  let shop: Workshop;
  let sqs: FakeSqs;
  let worker: ChildProcess | undefined;
  let output: string;

  beforeAll(() => buildWorker(bundle));
  afterAll(() => rmSync(bundle, { recursive: true }));
  beforeEach(async () => {
    shop = await Workshop.open();
    sqs = await FakeSqs.start();
  });
  afterEach(async () => {
    worker?.kill('SIGKILL');
    await sqs.stop();
    await shop.close();
  });

  const start = (env: Record<string, string> = {}): ChildProcess => {
    const child = spawn(process.execPath, [WORKER_FILE], {
      cwd: bundle,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        ORDER_QUEUE_URL: `${sqs.endpoint}/1/orders`,
        URGENT_ORDER_QUEUE_URL: `${sqs.endpoint}/1/urgent`,
        REPORT_QUEUE_URL: `${sqs.endpoint}/1/reports`,
        TASK_ARN: 'arn:aws:ecs:eu-central-1:1:task/cluster/abc',
        LINGER_SECONDS: '0',
        TMPDIR: shop.folder,
        AWS_REGION: 'eu-central-1',
        AWS_ENDPOINT_URL: sqs.endpoint,
        AWS_ACCESS_KEY_ID: 'AKIAABCDEFGHIJKLMNOP',
        AWS_SECRET_ACCESS_KEY: 'secret',
        ...env,
      },
    });
    output = '';
    child.stdout.on('data', (text: Buffer) => (output += text.toString()));
    child.stderr.on('data', (text: Buffer) => (output += text.toString()));
    worker = child;
    return child;
  };

  it('carries out an order, deletes it after the report, and exits with 0 when there is no other', async () => {
    sqs.orders.push(JSON.stringify(shop.order(silentClip(), presetOf([{ kind: 'video', name: 'out' }]))));
    const [code] = (await once(start(), 'exit')) as [number];
    expect(output).not.toMatch(/"(?:WARN|ERROR)"/);
    expect(code).toBe(0);
    expect(kindsBesideProgress(sqs)).toEqual(['started', 'finished', 'idle']);
    const order = sqs.calls.map(({ operation }) => operation);
    expect(order.lastIndexOf('DeleteMessage')).toBeGreaterThan(
      order.indexOf('SendMessage', order.indexOf('SendMessage') + 1),
    );
    expect(output).not.toContain(SIGNATURE);
  });

  it('gives the order back at SIGTERM and exits with 0', async () => {
    const clip = slowClip(12);
    const slow = presetOf([{ kind: 'video', name: 'out', video: { speed: 'slower', quality: { crf: 10 } } }]);
    sqs.orders.push(JSON.stringify(shop.order(clip, slow)));
    const child = start();
    await sqs.report('started');
    const begunAtMs = Date.now();
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
    expect(Date.now() - begunAtMs).toBeLessThan(8000);
    expect(kindsBesideProgress(sqs)).toEqual(['started', 'returned']);
    expect(sqs.calls.find(({ operation }) => operation === 'ChangeMessageVisibility')?.input).toMatchObject({
      ReceiptHandle: 'r1',
      VisibilityTimeout: 0,
    });
  });

  it('stops an encoder whose frame counter stands still, and reports that', async () => {
    const slow = presetOf([{ kind: 'video', name: 'out', video: { speed: 'slow', quality: { crf: 10 } } }]);
    const limits = { wallClockSeconds: 60, stallSeconds: 2 };
    sqs.orders.push(JSON.stringify(shop.order(slowClip(6), slow, { limits })));
    const child = start();
    // It is neither dead nor done, it just does not get on.
    process.kill(await encoderOf(child.pid), 'SIGSTOP');
    await once(child, 'exit');
    expect(kindsBesideProgress(sqs)).toEqual(['started', 'failed', 'idle']);
    expect(await sqs.report('failed')).toMatchObject({
      failure: { code: 'ENCODE_STALLED', retryable: true, process: { timedOut: true } },
    });
  });

  it('exits at once at SIGTERM when it has no order', async () => {
    const child = start({ LINGER_SECONDS: '600' });
    while (sqs.calls.length === 0) await new Promise(resolve => setImmediate(resolve));
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
    expect(sqs.reports).toEqual([]);
  });

  it('names every missing variable at once', async () => {
    const [code] = (await once(start({ ORDER_QUEUE_URL: '', LEASE_SECONDS: 'soon' }), 'exit')) as [number];
    expect(code).toBe(1);
    expect(output).toContain('ORDER_QUEUE_URL');
    expect(output).toContain('LEASE_SECONDS');
  });
});
