import type { SourceTail } from './duration-check';
import type { Probe } from './probe';

/** Reads ffprobe's lines `stream,pts,duration` (CSV; `N/A` where there is none) of the last packets of a source. */
export function parseTail(csv: string, source: Probe): SourceTail {
  const ends = new Map<number, number>();
  for (const line of csv.split('\n')) {
    const [stream, pts, duration] = line.split(',').map(Number);
    if (stream === undefined || pts === undefined || !Number.isFinite(pts)) continue;
    const end =
      pts + (duration !== undefined && Number.isFinite(duration) ? duration : 0) - source.startSeconds;
    ends.set(stream, Math.max(ends.get(stream) ?? 0, end));
  }
  return {
    video: source.video === undefined ? undefined : ends.get(source.video.index),
    audio: source.audio === undefined ? undefined : ends.get(source.audio.index),
  };
}
