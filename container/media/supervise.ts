import type { StopReason } from '../../core/process-failure';
import type { StopSignal } from './send-signal';
import { terminate } from './terminate';

/** How often the limits are checked. */
const CHECK_MS = 500;

/** Times the stall limit for which a process may read without any result: seeking in a file without an index takes its time. */
const READING_FACTOR = 5;

export interface Limits {
  readonly wallClockSeconds: number;
  /** Seconds during which `activity` may stay the same. */
  readonly stallSeconds: number;
}

export interface Supervision {
  readonly limits: Limits;
  readonly signal: AbortSignal;
  /** Changes whenever the process gets on; compared with what it was before. */
  readonly activity: () => Promise<string>;
  /** Changes whenever something comes out of it. A process that only reads is given longer, but not for ever. */
  readonly result?: () => Promise<string>;
  /** True when the outputs have grown larger than they may. */
  readonly tooLarge?: () => Promise<boolean>;
  readonly kill: (signal: StopSignal) => void;
}

export interface Supervisor {
  /** Why the process was stopped; undefined when it was not. */
  readonly stopReason: () => StopReason | undefined;
  /** Must be called when the process has ended. */
  readonly release: () => void;
}

/** Watches a running process and stops it when it exceeds a limit or is not wanted any more. */
export function supervise(options: Supervision): Supervisor {
  // A clock that nobody sets: a correction of the time must not look like a stall.
  const startedAtMs = performance.now();
  let stopReason: StopReason | undefined;
  let settle = (): void => undefined;
  let last = { activity: '', atMs: startedAtMs };
  let lastResult = { result: '', atMs: startedAtMs };

  const stop = (reason: StopReason): void => {
    if (stopReason !== undefined) return;
    stopReason = reason;
    settle = terminate(options.kill);
  };
  const check = async (): Promise<void> => {
    const nowMs = performance.now();
    const activity = await options.activity();
    if (activity !== last.activity) last = { activity, atMs: nowMs };
    const result = (await options.result?.()) ?? activity;
    if (result !== lastResult.result) lastResult = { result, atMs: nowMs };
    const { wallClockSeconds, stallSeconds } = options.limits;
    if (nowMs - startedAtMs > wallClockSeconds * 1000) stop('wallClock');
    else if (nowMs - last.atMs > stallSeconds * 1000) stop('stall');
    else if (nowMs - lastResult.atMs > stallSeconds * READING_FACTOR * 1000) stop('stall');
    else if ((await options.tooLarge?.()) === true) stop('outputTooLarge');
  };
  const onAbort = (): void => stop('cancelled');
  const timer = setInterval(() => void check(), CHECK_MS);
  options.signal.addEventListener('abort', onAbort, { once: true });
  if (options.signal.aborted) onAbort();

  return {
    stopReason: () => stopReason,
    release: () => {
      clearInterval(timer);
      options.signal.removeEventListener('abort', onAbort);
      settle();
    },
  };
}
