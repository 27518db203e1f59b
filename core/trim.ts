import { attemptCostUsd } from './job-usage';
import type { Attempt, JobRecord, OrderState } from './job';
import { isTerminal } from './job';
import type { Settings } from './settings';

/** Attempts of an order that came to nothing and are kept one by one; older ones are added up. */
const KEPT_ATTEMPTS = 6;

/** The record without what nobody needs to read again, so that it stays small enough to be written after every report. */
export function trimmed(job: JobRecord, settings: Settings): JobRecord {
  return { ...job, orders: job.orders.map(order => trimOrder(job, order, settings)) };
}

function trimOrder(job: JobRecord, order: OrderState, settings: Settings): OrderState {
  const folded = order.attempts.filter(cameToNothing).slice(0, -KEPT_ATTEMPTS);
  const isKept = order.results === undefined || !isTerminal(job.status) || job.status === 'failed';
  if (folded.length === 0 && isKept) return order;
  const { results, ...rest } = order;
  return {
    ...rest,
    // A failed job may be tried again from what is done.
    ...(isKept && results !== undefined ? { results } : {}),
    ...(folded.length === 0 ? {} : fold(job, order, { folded, settings })),
  };
}

function fold(
  job: JobRecord,
  { attempts, earlier }: OrderState,
  { folded, settings }: { folded: readonly Attempt[]; settings: Settings },
): Pick<OrderState, 'attempts' | 'earlier'> {
  const total = (pick: (attempt: Attempt) => number, before = 0): number =>
    Number(folded.reduce((sum, attempt) => sum + pick(attempt), before).toFixed(6));
  return {
    attempts: attempts.filter(attempt => !folded.includes(attempt)),
    earlier: {
      attempts: folded.length + (earlier?.attempts ?? 0),
      killed: total(({ outcome }) => (outcome === 'killed' ? 1 : 0), earlier?.killed),
      heldSeconds: total(({ heldSeconds }) => heldSeconds, earlier?.heldSeconds),
      cpuSeconds: total(({ cpuSeconds }) => cpuSeconds, earlier?.cpuSeconds),
      usd: total(attempt => attemptCostUsd(job, attempt, settings), earlier?.usd),
    },
  };
}

/** Lost without anybody's fault; what speaks against an order is kept, since it is counted. */
function cameToNothing({ outcome }: Attempt): boolean {
  return (
    outcome === 'returned' || outcome === 'reclaimed' || outcome === 'killed' || outcome === 'superseded'
  );
}
