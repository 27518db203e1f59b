/** A number as a fraction of integers: a unit of time stamps in seconds, or a frame rate. */
export interface Rational {
  readonly num: number;
  readonly den: number;
}

const MICROSECONDS: Rational = { num: 1, den: 1_000_000 };

/** Reads `1/90000`. */
export function parseRational(text: string): Rational {
  const [num, den] = text.split('/').map(Number);
  if (num === undefined || den === undefined || !Number.isSafeInteger(num) || !Number.isSafeInteger(den))
    throw new Error(`${text} is no fraction`);
  return { num, den };
}

/** A time in another unit, rounded as ffmpeg does: to the nearest, halves away from zero. */
export function rescale(value: number, from: Rational, to: Rational): number {
  const dividend = BigInt(value) * BigInt(from.num) * BigInt(to.den);
  const divisor = BigInt(from.den) * BigInt(to.num);
  const size = dividend < 0n ? -dividend : dividend;
  const rounded = (size * 2n + divisor) / (divisor * 2n);
  return Number(dividend < 0n ? -rounded : rounded);
}

/** Seconds in a unit of time stamps, by way of the microseconds in which ffmpeg reads its options. */
export function toTicks(seconds: number, unit: Rational): number {
  return rescale(Math.round(seconds * 1_000_000), MICROSECONDS, unit);
}

export function toMicroseconds(ticks: number, unit: Rational): number {
  return rescale(ticks, unit, MICROSECONDS);
}

/** As ffmpeg reads it: seconds with six places. */
export function formatMicroseconds(microseconds: number): string {
  return (microseconds / 1_000_000).toFixed(6);
}

/** Seconds that so many frames, or samples, last at a rate. */
export function unitSeconds(units: number, { num, den }: Rational): number {
  return (units * den) / num;
}

export function toSeconds(ticks: number, { num, den }: Rational): number {
  return (ticks * num) / den;
}
