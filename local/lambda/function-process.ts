import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { FunctionModel } from '../template';

/** What became of one invocation. */
export type InvocationResult =
  | { readonly kind: 'succeeded'; readonly payload: unknown }
  | { readonly kind: 'failed'; readonly errorType: string; readonly errorMessage: string };

export interface Invocation {
  readonly requestId: string;
  readonly event: unknown;
}

interface ProcessOptions {
  readonly model: FunctionModel;
  readonly environment: Readonly<Record<string, string>>;
  /** Takes each line of its standard output and error. */
  readonly onLine: (line: string) => void;
}

const failure = { errorType: z.string(), errorMessage: z.string() };

const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('unusable'), ...failure }),
  z.object({ kind: z.literal('succeeded'), payload: z.unknown() }),
  z.object({ kind: z.literal('failed'), ...failure }),
]);

type Message = z.infer<typeof messageSchema>;

/** A busy machine may take long to load a bundle; on AWS the limit is 10 seconds. */
const INIT_SECONDS = 60;

/** A process that runs one function, one invocation at a time, as long as it is kept. */
export class FunctionProcess {
  readonly #child: ChildProcess;
  readonly #model: FunctionModel;
  readonly #ended: Promise<void>;
  #receive: ((message: Message) => void) | undefined;
  /** True once it has answered that its handler is loaded. */
  #ready = false;

  constructor(options: ProcessOptions) {
    const { model } = options;
    this.#model = model;
    this.#child = fork(join(__dirname, 'bootstrap.mjs'), [], {
      cwd: model.codeDirectory,
      env: { ...options.environment },
      // Not those of the cloud itself, which runs TypeScript.
      execArgv: ['--enable-source-maps', `--max-old-space-size=${model.memoryMb}`],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', options.onLine);
    }
    this.#ended = new Promise(resolve =>
      this.#child.once('close', () => resolve()).once('error', () => resolve()),
    );
    this.#child.on('message', message => this.#receive?.(messageSchema.parse(message)));
    this.#child.on('error', error => this.#fail('Runtime.StartFailed', error.message));
    this.#child.on('exit', (code, signal) =>
      this.#fail(
        'Runtime.ExitError',
        `The process of ${model.name} exited with ${signal ?? `status ${code}`}`,
      ),
    );
  }

  /** False once it has ended, by itself or by a kill: it takes no more invocations. */
  get alive(): boolean {
    const { exitCode, signalCode, connected, killed } = this.#child;
    return exitCode === null && signalCode === null && connected && !killed;
  }

  /** Never throws; a process that exceeds its function's timeout is killed. */
  async invoke({ requestId, event }: Invocation): Promise<InvocationResult> {
    if (!this.#ready) {
      const answer = await this.#within(INIT_SECONDS, () => undefined);
      if (answer.kind !== 'ready') return toResult(answer);
      this.#ready = true;
    }
    const { timeoutSeconds, arn } = this.#model;
    const deadline = Date.now() + timeoutSeconds * 1000;
    const answer = await this.#within(timeoutSeconds, () => {
      this.#child.send({ requestId, event, functionArn: arn, deadline }, error => {
        if (error) this.#fail('Runtime.ExitError', error.message);
      });
    });
    return toResult(answer);
  }

  /** Resolves when it is gone and all of its output was read. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  #fail(errorType: string, errorMessage: string): void {
    this.#receive?.({ kind: 'failed', errorType, errorMessage });
  }

  #within(limitSeconds: number, start: () => void): Promise<Message> {
    return new Promise(resolve => {
      const timer = setTimeout(() => {
        const errorMessage = `Task timed out after ${limitSeconds.toFixed(2)} seconds`;
        done({ kind: 'failed', errorType: 'Sandbox.Timedout', errorMessage });
        void this.kill();
      }, limitSeconds * 1000);
      const done = (message: Message): void => {
        clearTimeout(timer);
        this.#receive = undefined;
        resolve(message);
      };
      this.#receive = done;
      if (!this.alive) this.#fail('Runtime.ExitError', `The process of ${this.#model.name} has ended`);
      else start();
    });
  }
}

function toResult(message: Message): InvocationResult {
  switch (message.kind) {
    case 'succeeded':
      return message;
    case 'failed':
    case 'unusable':
      return { kind: 'failed', errorType: message.errorType, errorMessage: message.errorMessage };
    case 'ready':
      return { kind: 'failed', errorType: 'Runtime.Protocol', errorMessage: 'The process started twice.' };
  }
}
