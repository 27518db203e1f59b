import { setTimeout as delay } from 'node:timers/promises';

/** Hands something over and answers the result of each time that it was handed over. */
export type Deliver = <Result>(hand: () => Promise<Result>) => Promise<Result[]>;

/** Once, at once. */
export const deliverOnce: Deliver = async hand => [await hand()];

const MAX_DELAY_MS = 400;

/**
 * Hands everything over twice, each time after a delay of up to 0.4 seconds, so that what is delivered comes
 * doubled and out of order. The same seed gives the same delays.
 */
export function deliverTwice(seed: number): Deliver {
  const random = seededRandom(seed);
  return hand =>
    Promise.all(
      [random(), random()].map(async fraction => {
        await delay(fraction * MAX_DELAY_MS);
        return hand();
      }),
    );
}

/** Mulberry32: numbers from 0 to 1, spread evenly enough for delays. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
