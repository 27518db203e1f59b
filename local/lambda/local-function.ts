import { randomUUID } from 'node:crypto';
import type { FunctionModel } from '../template';
import type { AccessKey } from '../types';
import { functionEnvironment } from './environment';
import { FunctionProcess, type InvocationResult } from './function-process';

/** Invocations of one function at one time, unless the template says fewer. */
const MAX_CONCURRENCY = 4;
const IDLE_MS = 60_000;

export interface FunctionOptions {
  readonly model: FunctionModel;
  /** Environment of all functions. */
  readonly host: Readonly<Record<string, string>>;
  readonly credentials: () => AccessKey;
  readonly onLine: (line: string) => void;
}

/** Counts since the start of the cloud. */
export interface FunctionCounts {
  readonly invocations: number;
  readonly errors: number;
  readonly running: number;
}

interface Sandbox {
  readonly process: FunctionProcess;
  readonly accessKeyId: string;
  idleTimer?: NodeJS.Timeout;
}

/** A function with its warm processes. */
export class LocalFunction {
  readonly model: FunctionModel;
  readonly #options: FunctionOptions;
  /** All whose process may still be there. */
  readonly #sandboxes = new Set<Sandbox>();
  readonly #idle: Sandbox[] = [];
  readonly #running = new Map<Sandbox, Promise<InvocationResult>>();
  readonly #waiting: Array<() => void> = [];
  #invocations = 0;
  #errors = 0;
  #closed = false;

  constructor(options: FunctionOptions) {
    this.model = options.model;
    this.#options = options;
  }

  get counts(): FunctionCounts {
    return { invocations: this.#invocations, errors: this.#errors, running: this.#running.size };
  }

  /** Runs the function, after those before it when all its processes are busy. Never throws. */
  async invoke(event: unknown): Promise<InvocationResult> {
    const limit = Math.min(this.model.reservedConcurrency ?? MAX_CONCURRENCY, MAX_CONCURRENCY);
    while (this.#running.size >= limit) await new Promise<void>(resolve => this.#waiting.push(resolve));
    if (this.#closed)
      return { kind: 'failed', errorType: 'ServiceException', errorMessage: 'The cloud is closing.' };
    const sandbox = this.#takeSandbox();
    const requestId = randomUUID();
    this.#invocations += 1;
    const startedAt = Date.now();
    const running = sandbox.process.invoke({ requestId, event });
    this.#running.set(sandbox, running);
    const result = await running;
    this.#running.delete(sandbox);
    if (result.kind === 'failed') this.#errors += 1;
    this.#options.onLine(report({ requestId, result, durationMs: Date.now() - startedAt }));
    this.#keepOrDrop(sandbox);
    this.#waiting.shift()?.();
    return result;
  }

  /** Lets running invocations end for a moment, then kills all processes. */
  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    const grace = new Promise(resolve => setTimeout(resolve, graceMs).unref());
    await Promise.race([Promise.all(this.#running.values()), grace]);
    for (const { idleTimer } of this.#idle) clearTimeout(idleTimer);
    await Promise.all([...this.#sandboxes].map(sandbox => this.#drop(sandbox)));
    await Promise.all(this.#running.values());
  }

  #takeSandbox(): Sandbox {
    const key = this.#options.credentials();
    for (let sandbox = this.#idle.pop(); sandbox; sandbox = this.#idle.pop()) {
      clearTimeout(sandbox.idleTimer);
      // A process keeps the credentials it was started with, and URLs die with those that signed them.
      if (sandbox.process.alive && sandbox.accessKeyId === key.accessKeyId) return sandbox;
      void this.#drop(sandbox);
    }
    const { model, host, onLine } = this.#options;
    const environment = functionEnvironment({ model, key, host, logStream: randomUUID() });
    const process = new FunctionProcess({ model, environment, onLine });
    const sandbox = { process, accessKeyId: key.accessKeyId };
    this.#sandboxes.add(sandbox);
    return sandbox;
  }

  #keepOrDrop(sandbox: Sandbox): void {
    if (this.#closed || !sandbox.process.alive) {
      void this.#drop(sandbox);
      return;
    }
    sandbox.idleTimer = setTimeout(() => {
      this.#idle.splice(this.#idle.indexOf(sandbox), 1);
      void this.#drop(sandbox);
    }, IDLE_MS).unref();
    this.#idle.push(sandbox);
  }

  async #drop(sandbox: Sandbox): Promise<void> {
    await sandbox.process.kill();
    this.#sandboxes.delete(sandbox);
  }
}

function report(options: { requestId: string; result: InvocationResult; durationMs: number }): string {
  const { requestId, result, durationMs } = options;
  const outcome = result.kind === 'failed' ? ` Error: ${result.errorType}: ${result.errorMessage}` : '';
  return `REPORT RequestId: ${requestId} Duration: ${durationMs} ms${outcome}`;
}
