import type { Log } from './log';
import type { OrderMessage, WorkerQueues } from './queues';
import type { Repetition } from './repeat';
import { repeat } from './repeat';

export interface LeaseOptions {
  readonly queues: Pick<WorkerQueues, 'hide'>;
  readonly message: OrderMessage;
  readonly leaseSeconds: number;
  readonly log: Log;
}

/** Keeps an order hidden from other workers as long as this one has it in hand. */
export function holdLease({ queues, message, leaseSeconds, log }: LeaseOptions): Repetition {
  let lost = false;
  return repeat((leaseSeconds * 1000) / 3, async () => {
    if (lost) return;
    try {
      lost = (await queues.hide(message, leaseSeconds)) === 'gone';
      // The first valid result wins, and this one may still be it.
      if (lost) log.warn('The lease of the order is lost; going on with it');
    } catch (error) {
      log.warn('The lease could not be renewed', { error });
    }
  });
}
