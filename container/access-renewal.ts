import { setTimeout as sleep } from 'node:timers/promises';
import { laterAccess, renewAtMs } from '../core/delivery';
import type { Order, OrderAccess, Ticket } from '../core/order';
import type { Log } from './log';
import { readTicket } from './ticket';

export interface RenewalOptions {
  readonly order: Order;
  readonly access: OrderAccess;
  /** Asks the other side for fresh URLs, which it puts into the ticket. */
  readonly ask: () => Promise<void>;
  readonly onRenewed: (access: OrderAccess, inputUrls: Ticket['inputUrls']) => void;
  readonly log: Log;
  /** Milliseconds between two looks at the ticket. Default 5000. */
  readonly pollMs?: number;
  /** Milliseconds after which fresh URLs that have not come are asked for again. Default 60000. */
  readonly askAgainMs?: number;
}

const POLL_MS = 5000;
const ASK_AGAIN_MS = 60_000;

/** Sees to it that the order always has URLs with time left. Ends with the signal. */
export async function keepAccessFresh(options: RenewalOptions, signal: AbortSignal): Promise<void> {
  let { access } = options;
  try {
    while (!signal.aborted) {
      await sleep(Math.max(0, renewAtMs(options.order, access) - Date.now()), undefined, { signal });
      await options.ask();
      const renewed = await awaitLater(options, access, signal);
      access = renewed.access;
      options.onRenewed(access, renewed.inputUrls);
    }
  } catch (error) {
    // What is being read or uploaded fails by itself when its time is over, and that is reported.
    if (!signal.aborted) options.log.warn('The URLs of the order could not be renewed', { error });
  }
}

async function awaitLater(
  options: RenewalOptions,
  old: OrderAccess,
  signal: AbortSignal,
): Promise<{ access: OrderAccess; inputUrls: Ticket['inputUrls'] }> {
  let askedAtMs = Date.now();
  while (Date.now() < Date.parse(old.expiresAt)) {
    const answer = await readTicket(old.ticketUrl, signal);
    if (answer.kind !== 'ticket') throw new Error(`The ticket is ${answer.kind}`);
    const { generation, inputUrls } = answer.ticket;
    const access = laterAccess(old, answer.ticket.access);
    if (access !== old && generation === options.order.generation) return { access, inputUrls };
    await sleep(options.pollMs ?? POLL_MS, undefined, { signal });
    if (Date.now() - askedAtMs < (options.askAgainMs ?? ASK_AGAIN_MS)) continue;
    // The first request may be held back for longer than the URLs live, by a function that crashed with it.
    await options.ask();
    askedAtMs = Date.now();
  }
  throw new Error('No fresh URLs came in time');
}
