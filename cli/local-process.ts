import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { S3Client } from '@aws-sdk/client-s3';

/** What `npm run local -- --json` prints when it is ready. */
export interface LocalAccess {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly inbox: string;
  readonly outbox: string;
  readonly state: string;
}

export interface LocalProcess {
  readonly access: LocalAccess;
  readonly pid: number;
  /** S3 as the person at the keyboard. */
  readonly s3: S3Client;
  /** A call of the control interface, such as `schedule` or `reclaim`. */
  control(action: string, body?: object): Promise<unknown>;
  /** Ends it in an orderly way, or at once with SIGKILL; resolves when it is gone. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

export interface LocalProcessOptions {
  readonly dataDir: string;
  /** Context values for the synthesis, such as `spotreel:graceSeconds`. */
  readonly context?: Readonly<Record<string, string>>;
  /** Further flags of `npm run local`. */
  readonly flags?: readonly string[];
  /** Shows what the local cloud says while it starts. Default false. */
  readonly verbose?: boolean;
}

const ROOT = join(__dirname, '..');

// The SDK asks for a newer Node than the oldest that is supported here; users of the command can do without the notice.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** Starts the local cloud as a process of its own on a free port and waits until it is ready. */
export async function startLocalProcess(options: LocalProcessOptions): Promise<LocalProcess> {
  const context = Object.entries(options.context ?? {}).flatMap(([key, value]) => [
    '--context',
    `${key}=${value}`,
  ]);
  const child = spawn(
    process.execPath,
    [
      // In one process, so that a signal reaches the cloud itself.
      ...['--import', require.resolve('tsx')],
      join(ROOT, 'local', 'main.ts'),
      '--json',
      '--port',
      '0',
      '--data',
      options.dataDir,
      ...context,
      ...(options.flags ?? []),
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.push(text);
    if (options.verbose === true) process.stderr.write(text);
  });
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()));
  const ready = new Promise<LocalAccess>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', line => resolve(JSON.parse(line) as LocalAccess));
    void exited.then(() => reject(new Error(`The local cloud did not start:\n${said.join('')}`)));
  });
  const access = await ready;
  const credentials = { accessKeyId: access.accessKeyId, secretAccessKey: access.secretAccessKey };
  const s3 = new S3Client({
    ...{ endpoint: access.endpoint, region: access.region, credentials },
    // Nothing gets lost on the way within one machine.
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  return {
    access,
    pid: child.pid ?? 0,
    s3,
    async control(action, body) {
      const answer = await fetch(`${access.endpoint}/_spotreel/${action}`, {
        method: action === 'state' ? 'GET' : 'POST',
        headers: { 'x-spotreel-control': '1', 'content-type': 'application/json' },
        ...(action === 'state' ? {} : { body: JSON.stringify(body ?? {}) }),
      });
      if (!answer.ok) throw new Error(`${action}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
    async stop(signal = 'SIGTERM') {
      s3.destroy();
      child.kill(signal);
      await exited;
    },
  };
}
