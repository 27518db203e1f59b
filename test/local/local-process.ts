import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';

const ROOT = join(__dirname, '..', '..');
/** As a loader and not as a command, whose process would stand between the signals and the cloud. */
const TSX = pathToFileURL(require.resolve('tsx')).href;

/** The local cloud as a process of its own, as users run it. */
export interface LocalProcess {
  readonly endpoint: string;
  readonly ready: Readonly<Record<string, string>>;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  control(
    call: string,
    options?: { method?: string; headers?: Record<string, string>; body?: object },
  ): Promise<Response>;
  /** Ends it and answers its exit code; null when it was killed. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface LocalProcessOptions {
  readonly assemblyDir: string;
  readonly dataDir: string;
  readonly args?: readonly string[];
}

/** Starts a local cloud and waits until it is ready; throws with what it said when it is not going to be. */
export async function startLocal({
  assemblyDir,
  dataDir,
  args = [],
}: LocalProcessOptions): Promise<LocalProcess> {
  const flags = ['--assembly', assemblyDir, '--data', dataDir, '--port', '0', '--json', ...args];
  const child = spawn(process.execPath, ['--import', TSX, join(ROOT, 'local', 'main.ts'), ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([text]) => String(text)),
    once(child, 'close').then(() => undefined),
  ]);
  if (line === undefined) throw new Error(complaints);
  return access(child, JSON.parse(line) as Record<string, string>);
}

function access(child: ChildProcess, ready: Record<string, string>): LocalProcess {
  const { endpoint = '', region = '', accessKeyId = '', secretAccessKey = '' } = ready;
  const client = { endpoint, region, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 };
  const s3 = new S3Client(client);
  const sqs = new SQSClient(client);
  return {
    endpoint,
    ready,
    s3,
    sqs,
    control: (call, options = {}) =>
      fetch(`${endpoint}/_spotreel/${call}`, {
        method: options.method ?? 'GET',
        headers: options.headers ?? { 'x-spotreel-control': '1' },
        ...(options.body && { body: JSON.stringify(options.body) }),
      }),
    stop: async (signal = 'SIGTERM') => {
      s3.destroy();
      sqs.destroy();
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const exited = once(child, 'exit') as Promise<[number | null]>;
      child.kill(signal);
      const [code] = await exited;
      return code;
    },
  };
}

/** Asks again and again until there is an answer; throws when there is none after 30 seconds. */
export async function until<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`Not so after 30 seconds: ${ask.toString()}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
