import type { OrderState } from './job';
import type { Failure } from './report';
import type { Settings } from './settings';

/** Codes of failures that say more of the task or the network than of the order: the next task may well have better luck. */
const OF_THE_SURROUNDINGS: ReadonlySet<string> = new Set([
  'INPUT_READ_FAILED',
  'PROCESS_NOT_STARTED',
  'SOURCE_READ_FAILED',
  'UPLOAD_FAILED',
  'URL_EXPIRED',
  'WORKER_CRASHED',
  'WORKER_SILENT',
]);

/** Failures of one kind after which the order itself is to blame. */
const SAME_FAILURES = 2;

/** Times that the workers of one order may be killed from outside; Spot reclaims are without number. */
export const MOST_KILLS = 20;

export type RetryVerdict = { readonly kind: 'again' } | { readonly kind: 'over'; readonly why: string };

/**
 * Whether an order is tried again after a failure: not one that no other attempt could end better, not too often, and
 * not after it failed twice in the same way where its surroundings were sound.
 */
export function judgeFailure(
  order: Pick<OrderState, 'attempts'>,
  failure: Pick<Failure, 'code' | 'retryable'>,
  { maxAttempts }: Pick<Settings, 'maxAttempts'>,
): RetryVerdict {
  const failures = order.attempts.filter(
    ({ outcome }) => outcome === 'failed' || outcome === 'crashed' || outcome === 'stalled',
  );
  const tries = failures.length > 1 ? ` (after ${failures.length} attempts)` : '';
  if (!failure.retryable || failures.length >= maxAttempts) return { kind: 'over', why: tries };
  const same = failures.filter(attempt => attempt.failure?.code === failure.code).length;
  return same >= SAME_FAILURES && !OF_THE_SURROUNDINGS.has(failure.code)
    ? { kind: 'over', why: ` (${same} attempts ended in the same way)` }
    : { kind: 'again' };
}

/** Why an order whose workers were killed again and again is given up; undefined while it is not. */
export function killedTooOften({
  attempts,
  earlier,
}: Pick<OrderState, 'attempts' | 'earlier'>): Failure | undefined {
  const kills = (earlier?.killed ?? 0) + attempts.filter(({ outcome }) => outcome === 'killed').length;
  if (kills < MOST_KILLS) return undefined;
  return {
    code: 'WORKER_KILLED',
    message: `The worker was killed ${kills} times while it had the order in hand.`,
    fix: "Read the last task's log stream and its stopped reason. If memory is the cause, raise task.memoryGiB in the preset; then retry the job.",
    retryable: false,
    blame: 'service',
  };
}
