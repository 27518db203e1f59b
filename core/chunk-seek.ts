import type { CutPart } from './cut-part';
import type { KeyFrame, PacketTable } from './packet-table';
import { toTicks } from './time-base';

/** Frames that a deinterlacer looks at on both sides. */
const NEIGHBOURS = 3;
/** Seconds by which ffmpeg seeks earlier than it is told to in a file with B-frames, not knowing its time stamps. */
const SEEKS_EARLIER_SECONDS = 3 / 23;
/** In a transport stream it goes by the clock, which runs ahead of the frames, and does not land on a key frame. */
const STREAM_MARGIN_SECONDS = 2;

/**
 * Time stamp to seek to so that reading begins at the last key frame from which a frame can be decoded, or before it.
 * Undefined when that is the beginning of the source.
 */
export function chunkSeek(
  table: PacketTable,
  { frame, part, format }: { frame: number; part: CutPart; format: string },
): number | undefined {
  const needed = table.pts[Math.max(0, frame - (part.video.interlaced ? NEIGHBOURS : 0))] ?? 0;
  const { keys } = table;
  const inTicks = (seconds: number): number => toTicks(seconds, part.timeBase);
  const last = keys.findLastIndex(({ pts }) => pts <= needed);
  if (/\bmpegts\b/.test(format)) {
    const key = keys[last];
    const seek = key === undefined ? 0 : (key.dts ?? key.pts) - inTicks(STREAM_MARGIN_SECONDS);
    return key === undefined || seek <= (keys[0]?.pts ?? 0) ? undefined : seek;
  }
  const later = /\bmatroska\b/.test(format) ? Math.ceil(inTicks(SEEKS_EARLIER_SECONDS) * 1.1) : 0;
  for (let at = last; at > 0; at -= 1) {
    const own = (keys[at]?.pts ?? 0) + 1;
    const seek = [own + later, own].find(time => !isReached(keys[at + 1], time));
    // Where the next key frame is decoded before this one is shown, it could be taken for it.
    if (seek !== undefined) return seek;
  }
  return undefined;
}

function isReached(next: KeyFrame | undefined, seek: number): boolean {
  return next !== undefined && Math.min(next.pts, next.dts ?? next.pts) <= seek;
}
