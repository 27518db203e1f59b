import type { Log } from './log';
import type { OrderMessage, WorkerQueues } from './queues';
import { repeat } from './repeat';

export interface LeaseOptions {
  readonly queues: WorkerQueues;
  readonly message: OrderMessage;
  readonly leaseSeconds: number;
  readonly log: Log;
}

/** Keeps an order hidden from other workers as long as this one has it in hand. */
export function holdLease({ queues, message, leaseSeconds, log }: LeaseOptions): { stop: () => void } {
  const beat = repeat((leaseSeconds * 1000) / 3, async () => {
    try {
      if ((await queues.hide(message, leaseSeconds)) === 'hidden') return;
      // The first valid result wins, and this one may still be it.
      log.warn('The lease of the order is lost; going on with it');
      beat.stop();
    } catch (error) {
      log.warn('The lease could not be renewed', { error });
    }
  });
  return beat;
}
