import type { Excerpt } from '../excerpt';

/** Some lines of text and when they are shown. */
export interface Cue {
  /** Milliseconds from the beginning of the picture. */
  readonly startMs: number;
  readonly endMs: number;
  /** WebVTT cue text: escaped, lines divided by `\n`, with no tags but balanced `b`, `i` and `u`. */
  readonly text: string;
  /** WebVTT cue settings, such as `line:0`; absent: below, in the middle. */
  readonly settings?: string;
}

/** By time, as players need them. */
export function sortCues(cues: readonly Cue[]): Cue[] {
  return [...cues].sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
}

/** The cues of an excerpt, by its own time; `endSeconds` is also where the picture ends. */
export function cutCues(cues: readonly Cue[], { startSeconds, endSeconds }: Excerpt): Cue[] {
  const fromMs = Math.round(startSeconds * 1000);
  const untilMs = endSeconds === undefined ? Number.POSITIVE_INFINITY : Math.round(endSeconds * 1000);
  return cues
    .filter(({ startMs, endMs }) => endMs > fromMs && startMs < untilMs)
    .map(cue => ({
      ...cue,
      startMs: Math.max(cue.startMs, fromMs) - fromMs,
      endMs: Math.min(cue.endMs, untilMs) - fromMs,
    }));
}

/** The same cues later or, with a negative number, earlier. */
export function shiftCues(cues: readonly Cue[], byMs: number): Cue[] {
  return cues.map(cue => ({ ...cue, startMs: cue.startMs + byMs, endMs: cue.endMs + byMs }));
}

/** Cues of which none overlaps another, for formats that show one at a time: what is shown together becomes one. */
export function flattenCues(sorted: readonly Cue[]): Cue[] {
  const flat: Cue[] = [];
  let index = 0;
  while (index < sorted.length) {
    // A group of cues that hang together; within it the set of those that are shown changes at each beginning and end.
    let endMs = sorted[index]?.endMs ?? 0;
    let next = index + 1;
    for (; next < sorted.length && (sorted[next]?.startMs ?? 0) < endMs; next += 1)
      endMs = Math.max(endMs, sorted[next]?.endMs ?? 0);
    flat.push(...flattenGroup(sorted.slice(index, next)));
    index = next;
  }
  return flat;
}

function flattenGroup(group: readonly Cue[]): Cue[] {
  if (group.length === 1) return [...group];
  const times = [...new Set(group.flatMap(({ startMs, endMs }) => [startMs, endMs]))].sort((a, b) => a - b);
  return times.slice(0, -1).flatMap((startMs, index) => {
    const shown = group.filter(cue => cue.startMs <= startMs && cue.endMs > startMs);
    const [first] = shown;
    if (first === undefined) return [];
    const text = [...new Set(shown.map(cue => cue.text))].join('\n');
    return [{ ...first, startMs, endMs: times[index + 1] ?? startMs, text }];
  });
}

/** Whether a cue is meant for the upper half of the picture. */
export function isOnTop({ settings = '' }: Cue): boolean {
  const [, value, percent] = /(?:^| )line:(-?[\d.]+)(%?)/.exec(settings) ?? [];
  if (value === undefined) return false;
  return percent === '%' ? Number(value) < 50 : Number(value) >= 0;
}
