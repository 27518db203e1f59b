import type { PresetOutput } from './preset';

/** The part of the source that an output shows, in seconds of the source. */
export interface Excerpt {
  readonly startSeconds: number;
  /** Absent: to the end. */
  readonly endSeconds?: number | undefined;
}

const WHOLE: Excerpt = { startSeconds: 0 };

/** What an output takes of the source. */
export function excerptOf(output: PresetOutput): Excerpt {
  return 'trim' in output && output.trim !== undefined ? output.trim : WHOLE;
}

export function isWhole({ startSeconds, endSeconds }: Excerpt): boolean {
  return startSeconds === 0 && endSeconds === undefined;
}

/** Seconds that an excerpt of a stream lasts. */
export function excerptSeconds({ startSeconds, endSeconds }: Excerpt, streamSeconds: number): number {
  return Math.max(0, Math.min(endSeconds ?? streamSeconds, streamSeconds) - startSeconds);
}

/**
 * Where reading may begin and end for all of these excerpts.
 * @param canSeek false for formats in which a seek loses frames: there all is read and cut off later
 */
export function readWindow(excerpts: readonly Excerpt[], canSeek: boolean): Excerpt {
  const startSeconds = canSeek ? Math.min(...excerpts.map(excerpt => excerpt.startSeconds)) : 0;
  const ends = excerpts.map(({ endSeconds }) => endSeconds).filter(end => end !== undefined);
  return { startSeconds, endSeconds: ends.length < excerpts.length ? undefined : Math.max(...ends) };
}

/** Options before the input that keep to the window. */
export function windowOptions({ startSeconds, endSeconds }: Excerpt): string[] {
  return [
    ...(startSeconds > 0 ? ['-ss', seconds(startSeconds)] : []),
    ...(endSeconds === undefined ? [] : ['-t', seconds(endSeconds - startSeconds)]),
  ];
}

/** Filters that cut an excerpt out of what is read from `windowStartSeconds` on. */
export function cutFilters(kind: 'video' | 'audio', excerpt: Excerpt, windowStartSeconds: number): string[] {
  if (isWhole(excerpt)) return [];
  const prefix = kind === 'audio' ? 'a' : '';
  const start = seconds(excerpt.startSeconds - windowStartSeconds);
  const end =
    excerpt.endSeconds === undefined ? '' : `:end=${seconds(excerpt.endSeconds - windowStartSeconds)}`;
  // By the wanted start, not by the first frame: picture and sound stay together.
  return [`${prefix}trim=start=${start}${end}`, `${prefix}setpts=PTS-${start}/TB`];
}

function seconds(value: number): string {
  return value.toFixed(6);
}
