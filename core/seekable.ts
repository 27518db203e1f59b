import type { Probe } from './probe';

/** Whether a seek lands on the wanted frame; in transport and program streams it may be seconds off. */
export function canSeek({ format }: Pick<Probe, 'format'>): boolean {
  return !/\bmpeg(ts)?\b/.test(format);
}

/**
 * Whether ffmpeg counts the times of a file from the first stream that is used, and not from the file's beginning:
 * it does where a file may have been cut out of a longer one.
 */
export function countsFromUsedStreams({ format }: Pick<Probe, 'format'>): boolean {
  return !canSeek({ format });
}
