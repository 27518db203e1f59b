import type { CutPart } from './cut-part';
import type { KeyFrame, PacketTable } from './packet-table';
import { toTicks } from './time-base';

/** Frames that a deinterlacer looks at on both sides. */
const NEIGHBOURS = 3;
/** Seconds by which ffmpeg seeks earlier than it is told to in a file with B-frames, not knowing its time stamps. */
const SEEKS_EARLIER_SECONDS = 3 / 23;
/** No frame is decoded so long before it is shown. */
const DECODED_AHEAD_SECONDS = 1;
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
  const key = keys[last];
  if (key === undefined || last === 0) return undefined;
  const later = /\bmatroska\b/.test(format) ? Math.ceil(inTicks(SEEKS_EARLIER_SECONDS) * 1.1) : 0;
  const seek = [key.pts + 1 + later, key.pts + 1].find(time => !isReached(keys[last + 1], time));
  if (seek !== undefined) return seek;
  // Where the next key frame is decoded before this one is shown, it would be taken for it.
  const earlier = key.pts - inTicks(DECODED_AHEAD_SECONDS);
  return earlier <= (keys[0]?.pts ?? 0) ? undefined : earlier;
}

function isReached(next: KeyFrame | undefined, seek: number): boolean {
  return next !== undefined && Math.min(next.pts, next.dts ?? next.pts) <= seek;
}
