import type { OrderProgress } from '../core/stop-choice';
import { decideStop, STOP_SECONDS } from '../core/stop-choice';
import { repeat } from './repeat';

/** How often it is asked again whether the order will be finished in time. */
const CHECK_MS = 1000;

/** The moment at which an order is given up after the worker was told to stop: at once, or when it will not be finished in time. */
export interface GiveUp {
  readonly signal: AbortSignal;
  /** Must be called when the order is over. */
  readonly release: () => Promise<void>;
}

/** Watches an order that may be finished after the worker was told to stop. */
export function giveUpInTime(stop: AbortSignal, progress: () => OrderProgress): GiveUp {
  const giveUp = new AbortController();
  let endAtMs = Number.POSITIVE_INFINITY;
  const check = (): void => {
    const leftSeconds = (endAtMs - performance.now()) / 1000;
    if (decideStop(progress(), leftSeconds) === 'giveBack') giveUp.abort();
  };
  const onStop = (): void => {
    endAtMs = performance.now() + STOP_SECONDS * 1000;
    check();
  };
  stop.addEventListener('abort', onStop, { once: true });
  if (stop.aborted) onStop();
  const checking = repeat(CHECK_MS, async () => {
    if (stop.aborted) check();
  });
  return {
    signal: giveUp.signal,
    release: async () => {
      stop.removeEventListener('abort', onStop);
      await checking.stop();
    },
  };
}
