/** What Fargate allows at most between SIGTERM and SIGKILL, and about what a Spot reclaim gives, in seconds. */
export const STOP_SECONDS = 120;

/** Seconds before the end that are kept for giving an order back, or for reporting it. */
const RESERVE_SECONDS = 15;
/** The last part of a picture may be harder than what came before. */
const MARGIN = 1.3;
/** Before this share of an order is done, its speed tells nothing. */
const LEAST_SHARE = 0.05;

/** How far an order is. */
export interface OrderProgress {
  /** From 0 to 1. */
  readonly share: number;
  /** Seconds since it was begun. */
  readonly elapsedSeconds: number;
}

/** What a worker that has to stop does with the order in hand: finishes it, when it surely can. @param leftSeconds until it is killed */
export function decideStop(
  { share, elapsedSeconds }: OrderProgress,
  leftSeconds: number,
): 'finish' | 'giveBack' {
  if (share < LEAST_SHARE) return 'giveBack';
  const neededSeconds = (elapsedSeconds * (1 - share)) / share;
  return neededSeconds * MARGIN + RESERVE_SECONDS <= leftSeconds ? 'finish' : 'giveBack';
}
