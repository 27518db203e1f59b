import type { Range } from '../core/estimate';
import { formatBytes } from './table';

/** Seconds of a guess, without digits that nobody can know. */
export function formatGuessedSeconds(seconds: number): string {
  return formatSeconds(Number(seconds.toPrecision(2)));
}

/** `8.4 s`, `2 min 05 s`, `1 h 02 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? Number(seconds.toFixed(2)) : Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (seconds < 3600 && minutes < 60) {
    const whole = Math.round(seconds);
    return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  }
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** Cents and fractions of them keep two digits that mean something. */
export function formatUsd(usd: number): string {
  return usd >= 1 ? usd.toFixed(2) : String(Number(usd.toPrecision(2)));
}

/** `about 12 s (6 s to 24 s)` */
export function formatRange(range: Range, format: (value: number) => string): string {
  const [least, likely, most] = [range.least, range.likely, range.most].map(format);
  return least === most ? `about ${likely}` : `about ${likely} (${least} to ${most})`;
}

/** Bytes of a guess, without digits that nobody can know. */
export function formatGuessedBytes(bytes: number): string {
  return formatBytes(bytes).replace(/^(\d{2,})\.\d+/, '$1');
}

/** Frames per second without zeros that say nothing: 25, 29.97. */
export function formatFrameRate(framesPerSecond: number): string {
  return String(Number(framesPerSecond.toFixed(2)));
}

/** A time of a record to the second, in UTC: `2026-01-02 03:04:05`. */
export function formatTime(isoTime: string): string {
  return isoTime.slice(0, 19).replace('T', ' ');
}
