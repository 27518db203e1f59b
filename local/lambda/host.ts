import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FunctionModel } from '../template';
import type { AccessKey } from '../types';
import { FunctionLog } from './function-log';
import type { InvocationResult } from './function-process';
import { LocalFunction, type FunctionCounts } from './local-function';

export type { InvocationResult } from './function-process';

export interface LambdaHostOptions {
  readonly functions: readonly FunctionModel[];
  /** Environment of all functions: endpoint, region, PATH. */
  readonly host: Readonly<Record<string, string>>;
  readonly credentialsForRole: (roleArn: string) => AccessKey;
  /** Each function's output goes to `<function>.log` in here. Made when missing. */
  readonly logDir: string;
  /** Takes each line of output that may be a metric: those that are JSON objects. */
  readonly onJsonLine: (line: string, functionName: string) => void;
  /** Takes events whose asynchronous invocation failed every time, for functions that have a place for them. */
  readonly onDeadEvent: (deadLetterArn: string, event: unknown) => Promise<void>;
  /** Waits before the second and the third attempt. Default 1 and 2 seconds; AWS waits minutes. */
  readonly retryDelaysMs?: readonly number[];
}

/** Runs the functions of the template. */
export interface LambdaHost {
  /** Invokes once and waits. Never throws for what the function does; throws when there is no such function. */
  invoke(functionArn: string, event: unknown): Promise<InvocationResult>;
  /** As an asynchronous invocation on AWS: with retries, then the dead-letter queue. Resolves at its end. */
  invokeWithRetries(functionArn: string, event: unknown): Promise<InvocationResult>;
  model(functionArn: string): FunctionModel;
  /** By function name. */
  counts(): Record<string, FunctionCounts>;
  close(): Promise<void>;
}

const RETRY_DELAYS_MS = [1000, 2000];
const CLOSE_GRACE_MS = 3000;

export function createLambdaHost(options: LambdaHostOptions): LambdaHost {
  mkdirSync(options.logDir, { recursive: true });
  const closing = new AbortController();
  const started = options.functions.map(model => startFunction(options, model));
  const functions = new Map(started.map(({ target }) => [target.model.arn, target]));
  const find = (arn: string): LocalFunction => {
    const found = functions.get(arn);
    if (!found) throw new Error(`The template has no function ${arn} that runs on Node.js.`);
    return found;
  };
  return {
    invoke: (arn, event) => find(arn).invoke(event),
    invokeWithRetries: (arn, event) =>
      invokeWithRetries({ target: find(arn), event, options, closing: closing.signal }),
    model: arn => find(arn).model,
    counts: () =>
      Object.fromEntries([...functions.values()].map(({ model, counts }) => [model.name, counts])),
    close: async () => {
      closing.abort();
      await Promise.all(started.map(({ close }) => close()));
    },
  };
}

interface StartedFunction {
  readonly target: LocalFunction;
  readonly close: () => Promise<void>;
}

function startFunction(options: LambdaHostOptions, model: FunctionModel): StartedFunction {
  const log = new FunctionLog(join(options.logDir, `${model.name}.log`));
  const target = new LocalFunction({
    model,
    host: options.host,
    credentials: () => options.credentialsForRole(model.roleArn),
    onLine: line => {
      log.write(line);
      if (line.startsWith('{')) options.onJsonLine(line, model.name);
    },
  });
  const close = async (): Promise<void> => {
    await target.close(CLOSE_GRACE_MS);
    await log.close();
  };
  return { target, close };
}

async function invokeWithRetries(call: {
  target: LocalFunction;
  event: unknown;
  options: LambdaHostOptions;
  closing: AbortSignal;
}): Promise<InvocationResult> {
  const { target, event, options, closing } = call;
  const delays = (options.retryDelaysMs ?? RETRY_DELAYS_MS).slice(0, target.model.retryAttempts);
  let result = await target.invoke(event);
  for (const delayMs of delays) {
    if (result.kind === 'succeeded' || closing.aborted) return result;
    await delay(delayMs, undefined, { signal: closing }).catch(() => undefined);
    if (closing.aborted) return result;
    result = await target.invoke(event);
  }
  const { deadLetterArn } = target.model;
  if (result.kind === 'failed' && deadLetterArn !== undefined)
    await options.onDeadEvent(deadLetterArn, event);
  return result;
}
