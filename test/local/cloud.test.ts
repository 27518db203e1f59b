import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { CloudState } from '../../local/cloud';
import { startLocal, until, type LocalProcess } from './local-process';
import { writeTinyStack } from './tiny-stack';

let assemblyDir: string;
let dataDir: string;
let cloud: LocalProcess;

beforeAll(async () => {
  assemblyDir = writeTinyStack();
  dataDir = mkdtempSync(join(tmpdir(), 'cloud-data-'));
  cloud = await startLocal({ assemblyDir, dataDir });
});

afterAll(async () => {
  await cloud.stop();
  rmSync(assemblyDir, { recursive: true });
  rmSync(dataDir, { recursive: true });
});

const queueUrl = (name: string): string => `${cloud.endpoint}/000000000000/Tiny-${name}`;
const bucket = (name: string): string => `tiny-${name}`;

async function upload(Key: string, Body: string, Bucket = bucket('inbox')): Promise<void> {
  await cloud.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
}

async function download(Bucket: string, Key: string): Promise<string | undefined> {
  try {
    const { Body } = await cloud.s3.send(new GetObjectCommand({ Bucket, Key }));
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}

async function send(queue: string, MessageBody: string): Promise<void> {
  await cloud.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(queue), MessageBody }));
}

async function receive(
  queue: string,
): Promise<Array<{ body: string | undefined; handle: string | undefined }>> {
  const { Messages = [] } = await cloud.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl(queue), MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
  );
  return Messages.map(({ Body, ReceiptHandle }) => ({ body: Body, handle: ReceiptHandle }));
}

async function drain(queue: string): Promise<Array<string | undefined>> {
  const messages = await receive(queue);
  for (const { handle } of messages) {
    await cloud.sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl(queue), ReceiptHandle: handle }));
  }
  return messages.map(({ body }) => body);
}

async function state(): Promise<CloudState> {
  return (await (await cloud.control('state')).json()) as CloudState;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('the local cloud', () => {
  it('says in one line where it is and how to use it', () => {
    expect(cloud.ready).toEqual({
      endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
      region: 'us-east-1',
      accessKeyId: 'SPOTREELLOCALROOT',
      secretAccessKey: expect.stringMatching(/^[\w-]{40}$/) as string,
      inbox: 'tiny-inbox',
      outbox: 'tiny-outbox',
      state: 'tiny-state',
    });
  });

  it('carries an upload by event, queue and function into the other bucket', async () => {
    await upload('a b+ü/100%.txt', 'hello');
    expect(await until(() => download(bucket('outbox'), 'copied/a b+ü/100%.txt'))).toBe('hello');
    await until(async () => ((await state()).queues['Tiny-Intake']?.inFlight === 0 ? true : undefined));
    const { functions, metrics } = await state();
    expect(functions['Tiny-Intake']).toEqual({ invocations: 1, errors: 0, running: 0 });
    expect(metrics['Messages']).toEqual({ count: 1, sum: 1 });
  });

  it('moves a message that fails each time to the dead-letter queue, and only that one', async () => {
    await upload('poison.txt', 'poison');
    await upload('fine.txt', 'fine');
    const [body] = await until(async () => {
      const bodies = await drain('Dead');
      return bodies.length > 0 ? bodies : undefined;
    });
    expect(JSON.parse(body ?? '')).toMatchObject({ Records: [{ s3: { object: { key: 'poison.txt' } } }] });
    expect(await until(() => download(bucket('outbox'), 'copied/fine.txt'))).toBe('fine');
  });

  it('sends no event for a key that the filter leaves out', async () => {
    const before = (await state()).functions['Tiny-Intake']?.invocations ?? 0;
    await upload('skipped.mp4', 'x');
    await upload('marker.txt', 'x');
    await until(() => download(bucket('outbox'), 'copied/marker.txt'));
    expect((await state()).functions['Tiny-Intake']?.invocations).toBe(before + 1);
    expect(await download(bucket('outbox'), 'copied/skipped.mp4')).toBeUndefined();
  });

  it('fires a schedule on demand, and the role of its function is held to its policies', async () => {
    const response = await cloud.control('schedule', { method: 'POST', body: { rule: 'Tiny-Schedule' } });
    expect(await response.json()).toEqual({
      fired: [{ rule: 'Tiny-Schedule', target: expect.any(String) as string }],
    });
    expect(JSON.parse((await download(bucket('outbox'), 'swept.json')) ?? '')).toEqual({
      type: 'Scheduled Event',
      denied: 'AccessDenied',
      pid: expect.any(Number) as number,
    });
  });

  it('has the files that come with the stack in their bucket', async () => {
    expect(await download(bucket('state'), 'presets/web.json')).toBe('{"v":1}');
    expect(await download(bucket('state'), 'presets/more/deep.json')).toBe('{}');
  });
});

describe('SQS', () => {
  it('finds queues by name and lists them', async () => {
    const found = await cloud.sqs.send(new GetQueueUrlCommand({ QueueName: 'Tiny-Plain' }));
    expect(found.QueueUrl).toBe(queueUrl('Plain'));
    const { QueueUrls } = await cloud.sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'Tiny-' }));
    expect(QueueUrls?.sort()).toEqual(['Dead', 'Intake', 'Plain'].map(queueUrl));
  });

  it('takes messages one by one and in batches, and gives them to one receiver at a time', async () => {
    await send('Plain', 'one');
    const Entries = ['two', 'three'].map(MessageBody => ({ Id: MessageBody, MessageBody }));
    await cloud.sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl('Plain'), Entries }));
    const attributes = new GetQueueAttributesCommand({
      QueueUrl: queueUrl('Plain'),
      AttributeNames: ['All'],
    });
    expect((await cloud.sqs.send(attributes)).Attributes).toMatchObject({
      ApproximateNumberOfMessages: '3',
      VisibilityTimeout: '60',
    });
    expect((await drain('Plain')).sort()).toEqual(['one', 'three', 'two']);
    expect(await receive('Plain')).toEqual([]);
  });

  it('takes a message of 1 MiB and refuses a larger one', async () => {
    await send('Plain', 'x'.repeat(1024 * 1024));
    expect((await drain('Plain'))[0]).toHaveLength(1024 * 1024);
    await expect(send('Plain', 'x'.repeat(1024 * 1024 + 1))).rejects.toThrow(/shorter than 1048576 bytes/);
  });

  it('gives no message to a client that hung up during its poll', async () => {
    const hangUp = new AbortController();
    const poll = cloud.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl('Plain'), WaitTimeSeconds: 20 }),
      { abortSignal: hangUp.signal },
    );
    await cloud.sqs.send(new ListQueuesCommand({}));
    hangUp.abort();
    await expect(poll).rejects.toThrow();
    // One more answer: by then the cloud has seen the connection close.
    await cloud.sqs.send(new ListQueuesCommand({}));
    await send('Plain', 'for the living');
    const bodies = await until(async () => {
      const found = await drain('Plain');
      return found.length > 0 ? found : undefined;
    });
    expect(bodies).toEqual(['for the living']);
  });

  it.each([
    [
      'a wrong secret',
      { accessKeyId: 'SPOTREELLOCALROOT', secretAccessKey: 'wrong' },
      'SignatureDoesNotMatch',
    ],
    [
      'a key that is not known',
      { accessKeyId: 'AKIANOBODY', secretAccessKey: 'wrong' },
      'InvalidClientTokenId',
    ],
  ])('refuses %s', async (_title, credentials, name) => {
    const stranger = new SQSClient({ endpoint: cloud.endpoint, region: 'us-east-1', credentials });
    await expect(stranger.send(new ListQueuesCommand({}))).rejects.toMatchObject({ name });
    stranger.destroy();
  });

  it('tells of a queue that does not exist', async () => {
    await expect(send('Nobody', 'x')).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });

  it('tells clients of the old protocol what to do', async () => {
    const response = await fetch(cloud.endpoint, {
      method: 'POST',
      body: new URLSearchParams({ Action: 'ListQueues' }),
    });
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining('aws CLI') as string,
    ]);
  });
});

describe('control calls', () => {
  it.each([
    ['without the header', { headers: {} }],
    ['under another host name', { headers: { 'x-spotreel-control': '1', host: 'evil.example' } }],
  ])('are refused %s', async (_title, options) => {
    const { default: http } = await import('node:http');
    const status = await new Promise(resolve => {
      http.get(`${cloud.endpoint}/_spotreel/state`, options, response => {
        response.resume();
        resolve(response.statusCode);
      });
    });
    expect(status).toBe(403);
  });

  it.each([
    ['nothing', 'GET', 404],
    ['kill', 'POST', 400],
  ])('answer %s as far as they can', async (call, method, status) => {
    expect((await cloud.control(call, { method })).status).toBe(status);
  });
});

describe('a second cloud', () => {
  it('is told that the data directory is in use', async () => {
    await expect(startLocal({ assemblyDir, dataDir })).rejects.toThrow(
      /is in use by the local cloud.*--data DIR/,
    );
  });

  it('is told that the port is in use', async () => {
    const port = new URL(cloud.endpoint).port;
    const otherDir = mkdtempSync(join(tmpdir(), 'cloud-data-'));
    await expect(startLocal({ assemblyDir, dataDir: otherDir, args: ['--port', port] })).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is in use`,
    );
    rmSync(otherDir, { recursive: true });
  });
});

describe('a restart', () => {
  it('finds nothing that a killed cloud left running', async () => {
    await cloud.control('schedule', { method: 'POST' });
    const swept = JSON.parse((await download(bucket('outbox'), 'swept.json')) ?? '') as { pid: number };
    expect(isRunning(swept.pid)).toBe(true);
    await cloud.stop('SIGKILL');
    await until(async () => (isRunning(swept.pid) ? undefined : true));
    cloud = await startLocal({ assemblyDir, dataDir });
  });

  it('keeps objects, messages, keys, the port and what a person changed', async () => {
    await upload('presets/web.json', '{"v":2}', bucket('state'));
    await send('Plain', 'kept');
    await send('Plain', 'received and kept');
    expect(await receive('Plain')).toHaveLength(2);
    const { ready } = cloud;
    expect(await cloud.stop('SIGKILL')).toBeNull();
    cloud = await startLocal({ assemblyDir, dataDir });
    expect(cloud.ready).toEqual(ready);
    expect((await drain('Plain')).sort()).toEqual(['kept', 'received and kept']);
    expect(await download(bucket('state'), 'presets/web.json')).toBe('{"v":2}');
    expect((await state()).metrics['Messages']?.count).toBeGreaterThan(0);
  });

  it('in good order exits with 0 and leaves nothing to be taken over', async () => {
    await send('Plain', 'still there');
    expect(await cloud.stop('SIGTERM')).toBe(0);
    cloud = await startLocal({ assemblyDir, dataDir, args: ['--duplicate-events', '3'] });
    expect(await drain('Plain')).toEqual(['still there']);
  });

  it('can deliver every event more than once', async () => {
    await upload('twice.txt', 'twice');
    const calls = await until(async () => {
      const { Contents = [] } = await cloud.s3.send(
        new ListObjectsV2Command({ Bucket: bucket('outbox'), Prefix: 'calls/' }),
      );
      const keys = await Promise.all(Contents.map(({ Key = '' }) => download(bucket('outbox'), Key)));
      const found = keys.filter(key => key === 'twice.txt');
      // More when a queue's message is seen again before the slow function that has it is done.
      return found.length >= 4 ? found.length : undefined;
    });
    expect(calls).toBeGreaterThanOrEqual(4);
  });
});
