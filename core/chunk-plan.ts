import type { Chunk } from './chunk';
import { chunkEdges } from './chunk-edges';
import type { CutPart } from './cut-part';
import { chunkStart, cutPart, excerptOnGrid, frameGrid, onGrid, originTicks, partFileName } from './cut-part';
import { excerptOf, excerptSeconds, isWhole } from './excerpt';
import { lowerBound } from './lower-bound';
import type { PacketTable } from './packet-table';
import { MOST_FRAMES } from './packet-table';
import type { PresetOutput } from './preset';
import type { Probe } from './probe';
import { readSpanOf } from './read-span';
import { chunkSeek } from './chunk-seek';
import { pictureSeconds } from './tile-plan';
import { toSeconds } from './time-base';
import { durationToleranceSeconds } from './verify';
import type { Split } from './work';
import { videoRenditions } from './video-rendition';

export type CutDecision =
  /** Not long enough to be cut. */
  | { readonly kind: 'short' }
  | { readonly kind: 'whole'; readonly reason: string }
  /** It may be cut, if its packet table is in order: see `planChunks`. */
  | { readonly kind: 'cut'; readonly part: CutPart };

export type ChunkPlan =
  | { readonly kind: 'chunks'; readonly chunks: Chunk[]; readonly chunkFiles: string[] }
  | { readonly kind: 'whole'; readonly reason: string };

/** Formats in which each frame was found again at its time stamp. */
const CUT_FORMATS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\bmov\b/, 'MP4'],
  [/\bmatroska\b/, 'Matroska'],
  [/\bmpegts\b/, 'MPEG-TS'],
];
/** Units shorter than the microseconds in which ffmpeg is told a time can't be met exactly. */
const FINEST_UNIT_SECONDS = 1e-6;
/** ffmpeg takes a larger gap in a transport stream for a break of its clock, and closes it. */
const LARGEST_GAP_SECONDS = 10;

/** Share of a source that may be decoded again on the way to the chunks. */
const MOST_DECODED_TWICE = 0.5;

/** Whether a source is to be cut, as far as can be told without reading it. */
export function decideCut(outputs: readonly PresetOutput[], probe: Probe, split: Split): CutDecision {
  const part = cutPart(outputs, probe);
  if (part === undefined) return { kind: 'short' };
  const lasts = pictureSeconds(probe);
  if (lasts > 0 && excerptSeconds(part.excerpt, lasts) <= split.aboveSeconds) return { kind: 'short' };
  const whole = (reason: string): CutDecision => ({ kind: 'whole', reason });
  if (lasts === 0) return whole('The file does not tell how long it lasts.');
  if (!CUT_FORMATS.some(([pattern]) => pattern.test(probe.format))) {
    const names = CUT_FORMATS.map(([, name]) => name).join(', ');
    return whole(`Frames can be found again exactly in ${names}, not in ${probe.format}.`);
  }
  if (toSeconds(1, part.timeBase) < FINEST_UNIT_SECONDS)
    return whole(`Its time stamps count ${part.video.timeBase} s, finer than frames can be cut by.`);
  const other = part.others.find(
    output =>
      videoRenditions([output], probe).length > 0 &&
      excerptSeconds(excerptOf(output), lasts) > split.aboveSeconds,
  );
  if (other !== undefined)
    return whole(
      `Outputs "${part.outputs[0]?.name ?? ''}" and "${other.name}" show different long parts of it.`,
    );
  return { kind: 'cut', part };
}

/** How a source is cut, of which the packets are known. */
export function planChunks(
  part: CutPart,
  { probe, table, split }: { probe: Probe; table: PacketTable; split: Split },
): ChunkPlan {
  const reason = unreliable(part, probe, table);
  if (reason !== undefined) return { kind: 'whole', reason };
  const { first, end, endPts } = shownFrames(part, table);
  const edges = chunkEdges({
    pts: table.pts.subarray(first, end),
    endPts,
    keys: table.keys,
    timeBase: part.timeBase,
    startPts: excerptPts(part).start,
    chunkSeconds: split.chunkSeconds,
  });
  if (edges.length < 2) return { kind: 'whole', reason: 'It has too few frames to be cut.' };
  const startPts = edges.map(edge => table.pts[first + edge] ?? endPts);
  if (decodedTwice(startPts, table) > (endPts - (startPts[0] ?? 0)) * MOST_DECODED_TWICE) {
    const reason = 'Its key frames are so far apart that much of it would be decoded more than once.';
    return { kind: 'whole', reason };
  }
  const ptsAt = (frame: number): number =>
    frame === end - first ? endPts : (table.pts[first + frame] ?? endPts);
  const chunks = edges.map((firstFrame, index): Chunk => {
    const endFrame = edges[index + 1] ?? end - first;
    const startPts = ptsAt(firstFrame);
    const seekPts = chunkSeek(table, { frame: first + firstFrame, part, format: probe.format });
    const endPts = ptsAt(endFrame);
    const bytes = readSpanOf({ seekPts, endPts }, table.keys);
    return {
      ...{ index, firstFrame, endFrame, startPts, endPts },
      ...(seekPts === undefined ? {} : { seekPts }),
      ...(bytes === undefined ? {} : { bytes }),
    };
  });
  const counted = chunks.map(chunk => withFrames(chunk, part, chunk.index === chunks.length - 1));
  if (counted.includes(undefined))
    return { kind: 'whole', reason: 'At the rate that is asked for, a chunk would have no frame.' };
  return {
    kind: 'chunks',
    chunks: counted.filter(chunk => chunk !== undefined),
    chunkFiles: part.renditions.map(partFileName),
  };
}

/** Time between the key frames at which decoding begins and the chunks, in units of the stream. */
function decodedTwice(startPts: readonly number[], { keys }: PacketTable): number {
  return startPts
    .slice(1)
    .reduce((sum, start) => sum + start - (keys.findLast(({ pts }) => pts <= start)?.pts ?? start), 0);
}

/** With the numbers of frames that renditions of another rate have; undefined when there is none in one. */
function withFrames(chunk: Chunk, part: CutPart, isLast: boolean): Chunk | undefined {
  const frames: Record<string, number> = {};
  for (const rendition of part.renditions) {
    const grid = frameGrid(rendition, part);
    if (grid.rate === undefined) continue;
    const { end } = excerptOnGrid(grid, part);
    const ownEnd = onGrid(grid, chunk.endPts, part);
    // An excerpt that is cut off ends where it is told to, not where a frame of the source does.
    const last = isLast && end !== undefined ? Math.min(end, ownEnd) : ownEnd;
    const count = last - chunkStart(chunk, grid, part);
    if (count < 1) return undefined;
    frames[partFileName(rendition)] = count;
  }
  return Object.keys(frames).length === 0 ? chunk : { ...chunk, frames };
}

/** The frames of the table that the excerpt shows, and where they end. */
function shownFrames(
  part: CutPart,
  { pts, endPts }: PacketTable,
): { readonly first: number; readonly end: number; readonly endPts: number } {
  const { end } = excerptPts(part);
  return {
    first: isWhole(part.excerpt) ? 0 : lowerBound(pts, excerptPts(part).start),
    end: end === undefined ? pts.length : lowerBound(pts, end),
    endPts: Math.min(endPts, end ?? endPts),
  };
}

/** Time stamps of the source at which the excerpt begins and ends. */
function excerptPts(part: CutPart): { readonly start: number; readonly end: number | undefined } {
  const { start, end } = excerptOnGrid({ unit: part.timeBase }, part);
  const origin = originTicks(part);
  return { start: start - origin, end: end === undefined ? undefined : end - origin };
}

/** Why the time stamps can't be relied on; undefined when they can. */
function unreliable(part: CutPart, probe: Probe, table: PacketTable): string | undefined {
  const { pts, missing, inOrder } = table;
  const seconds = (ticks: number): number => toSeconds(ticks, part.timeBase);
  if (pts.length >= MOST_FRAMES) return `It has more than ${MOST_FRAMES} frames.`;
  if (missing > 0) return `${missing} of its frames have no time stamp.`;
  if (table.keys.length === 0) return 'It has no key frame.';
  if (!inOrder) return 'Its packets are not in the order in which they are decoded.';
  const announced = part.video.endSeconds ?? probe.durationSeconds;
  const endSeconds = seconds(table.endPts) - probe.startSeconds;
  if (announced !== undefined && endSeconds < announced - durationToleranceSeconds(announced))
    return `Its picture ends at ${endSeconds.toFixed(1)} s, not at ${announced.toFixed(1)} s.`;
  const largestGap = /\bmpegts\b/.test(probe.format) ? LARGEST_GAP_SECONDS : Number.POSITIVE_INFINITY;
  for (let index = 1; index < pts.length; index += 1) {
    const gap = (pts[index] ?? 0) - (pts[index - 1] ?? 0);
    const at = (seconds(pts[index] ?? 0) - probe.startSeconds).toFixed(1);
    if (gap === 0) return `Two of its frames have the same time stamp, at ${at} s.`;
    if (seconds(gap) > largestGap) return `Its clock jumps by ${seconds(gap).toFixed(1)} s at ${at} s.`;
  }
  return undefined;
}
