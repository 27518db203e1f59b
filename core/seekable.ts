import type { Probe } from './probe';

/** Whether a seek lands on the wanted frame; in transport and program streams it may be seconds off. */
export function canSeek({ format }: Pick<Probe, 'format'>): boolean {
  return !/\bmpeg(ts)?\b/.test(format);
}
