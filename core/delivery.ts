import type { Order, OrderAccess, Ticket } from './order';

/** What this worker's task offers, from its metadata; undefined where that is not known. */
export interface TaskLimits {
  readonly vcpu: number | undefined;
  readonly memoryMiB: number | undefined;
}

export type TicketAnswer =
  | { readonly kind: 'ticket'; readonly ticket: Ticket }
  /** There is none: the order is over. */
  | { readonly kind: 'absent' }
  /** The URL is not valid any more. */
  | { readonly kind: 'refused' };

export type DeliveryDecision =
  | { readonly kind: 'run'; readonly access: OrderAccess; readonly inputUrls: Ticket['inputUrls'] }
  /** Nobody waits for this order any more: it is dropped without a word. */
  | { readonly kind: 'stale'; readonly reason: string }
  /** Too little time is left to work with its URLs: fresh ones are wanted. */
  | { readonly kind: 'expired'; readonly reason: string };

/** URLs with less time left are not worth starting with, in seconds; for short-lived ones, a third of their time. */
const LEAST_LIFETIME_SECONDS = 600;

/** Whether the order fits into this task; it is left to a larger one otherwise. */
export function fitsTask({ needs }: Pick<Order, 'needs'>, limits: TaskLimits): boolean {
  const vcpuFits = limits.vcpu === undefined || limits.vcpu >= needs.vcpu;
  return vcpuFits && (limits.memoryMiB === undefined || limits.memoryMiB >= needs.memoryGiB * 1024);
}

/** What is done with an order that came off the queue. */
export function decideDelivery(
  order: Pick<Order, 'generation' | 'issuedAt' | 'access'>,
  answer: TicketAnswer,
  now: Date,
): DeliveryDecision {
  switch (answer.kind) {
    case 'absent':
      return { kind: 'stale', reason: 'the order has no ticket any more' };
    case 'refused':
      return { kind: 'expired', reason: 'the URL of the ticket is refused' };
    case 'ticket': {
      if (answer.ticket.generation !== order.generation) {
        return { kind: 'stale', reason: `generation ${answer.ticket.generation} of the order is wanted` };
      }
      const access = laterAccess(order.access, answer.ticket.access);
      const leftSeconds = (Date.parse(access.expiresAt) - now.getTime()) / 1000;
      const leastSeconds = Math.min(LEAST_LIFETIME_SECONDS, lifetimeMs(order) / 1000 / 3);
      return leftSeconds < leastSeconds
        ? { kind: 'expired', reason: `its URLs end at ${access.expiresAt}` }
        : { kind: 'run', access, inputUrls: answer.ticket.inputUrls };
    }
  }
}

/** The access that lasts longer: a ticket may hold fresh URLs that an earlier worker asked for. */
export function laterAccess(first: OrderAccess, second: OrderAccess | undefined): OrderAccess {
  return second !== undefined && Date.parse(second.expiresAt) > Date.parse(first.expiresAt) ? second : first;
}

/** When fresh URLs are to be asked for, in milliseconds since 1970: when a third of their time is left. */
export function renewAtMs(order: Pick<Order, 'issuedAt' | 'access'>, current: OrderAccess): number {
  return Date.parse(current.expiresAt) - lifetimeMs(order) / 3;
}

/** For how long URLs of the order are signed. */
function lifetimeMs({ issuedAt, access }: Pick<Order, 'issuedAt' | 'access'>): number {
  return Math.max(0, Date.parse(access.expiresAt) - Date.parse(issuedAt));
}
