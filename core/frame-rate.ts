import type { VideoStream } from './probe';
import type { Rational } from './time-base';
import { parseRational } from './time-base';

export type FrameRateChoice =
  /** Every frame stays at its own time: a steady rate stays steady, a variable one variable. */
  | { readonly kind: 'keep'; readonly framesPerSecond: number }
  /** Frames are dropped (or, in gaps, repeated) to a steady rate. */
  | { readonly kind: 'steady'; readonly framesPerSecond: number };

/** A rate may exceed the cap by this factor before frames are dropped: 30.0003 is 30. */
const CAP_TOLERANCE = 1.005;
/** Dropping all but every n-th frame moves evenly; it is worth this much of the allowed rate. */
const LEAST_OF_CAP = 0.8;

/** An average that differs by more than this share is no error of rounding. */
const VARIABLE_FROM = 0.01;

/** What happens to the frame rate of a source under a cap. */
export function chooseFrameRate(
  video: Pick<VideoStream, 'frameRate' | 'declaredFrameRate'>,
  maxFrameRate: number | undefined,
): FrameRateChoice {
  const { frameRate } = video;
  if (maxFrameRate === undefined) return { kind: 'keep', framesPerSecond: frameRate };
  const limit = maxFrameRate * CAP_TOLERANCE;
  if (frameRate <= limit) {
    // A variable rate that is slow on average may still be too fast at times.
    const fastAtTimes = isBelievable(video.declaredFrameRate) && video.declaredFrameRate > limit;
    return fastAtTimes
      ? { kind: 'steady', framesPerSecond: maxFrameRate }
      : { kind: 'keep', framesPerSecond: frameRate };
  }
  const everyNth = frameRate / Math.ceil(frameRate / limit);
  return {
    kind: 'steady',
    framesPerSecond: everyNth >= maxFrameRate * LEAST_OF_CAP ? everyNth : maxFrameRate,
  };
}

/** Whether a declared rate could be that of a real video, and not merely the unit of its time stamps. */
export function isBelievable(framesPerSecond: number): boolean {
  return framesPerSecond >= 1 && framesPerSecond <= 240;
}

/** Whether frames come at uneven times: their rate on average is not the one that is declared. */
export function isVariable({
  frameRate,
  declaredFrameRate,
}: Pick<VideoStream, 'frameRate' | 'declaredFrameRate'>): boolean {
  return Math.abs(declaredFrameRate / frameRate - 1) > VARIABLE_FROM;
}

/** As ffmpeg reads it, and without rounding it again: `30000/1001` for the rates of NTSC, `12.5`, `25/3`. */
export function formatFrameRate(framesPerSecond: number): string {
  const ntsc = (framesPerSecond * 1001) / 1000;
  if (
    Math.abs(ntsc - Math.round(ntsc)) < 1e-4 &&
    Math.abs(framesPerSecond - Math.round(framesPerSecond)) > 1e-4
  ) {
    return `${Math.round(ntsc) * 1000}/1001`;
  }
  const short = Number(framesPerSecond.toFixed(3));
  if (Math.abs(short - framesPerSecond) < 1e-7) return String(short);
  const { num, den } = nearestFraction(framesPerSecond);
  return den === 1 ? String(num) : `${num}/${den}`;
}

/** The rate as the fraction that ffmpeg takes it for. */
export function exactFrameRate(framesPerSecond: number): Rational {
  const text = formatFrameRate(framesPerSecond);
  return text.includes('/') ? parseRational(text) : nearestFraction(Number(text));
}

const LARGEST_DENOMINATOR = 1000;

function nearestFraction(value: number): Rational {
  let best: Rational = { num: Math.round(value), den: 1 };
  for (let den = 2; den <= LARGEST_DENOMINATOR; den += 1) {
    const num = Math.round(value * den);
    const closer = Math.abs(num / den - value) < Math.abs(best.num / best.den - value) - 1e-9;
    if (closer) best = { num, den };
  }
  return best;
}
