import type { Probe } from './probe';

/**
 * Whether the format does not tell how long the file lasts, and ffprobe guesses it by bit rate or by two time stamps.
 * A recording of which the clock jumped is guessed to last for days.
 */
export function isLengthGuessed({ format }: Pick<Probe, 'format'>): boolean {
  return /^(mpegts|mpeg|aac|ac3|eac3)$/.test(format);
}
