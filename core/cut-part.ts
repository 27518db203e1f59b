import type { WatermarkImages } from './watermark';
import type { Chunk } from './chunk';
import type { Excerpt } from './excerpt';
import { excerptOf, excerptSeconds, readFromSeconds } from './excerpt';
import { exactFrameRate } from './frame-rate';
import type { PresetOutput } from './preset';
import type { Probe, VideoStream } from './probe';
import { canSeek, countsFromUsedStreams } from './seekable';
import { soundRenditions } from './sound-rendition';
import { pictureSeconds } from './tile-plan';
import type { Rational } from './time-base';
import { parseRational, rescale, toTicks } from './time-base';
import type { VideoRendition } from './video-rendition';
import { renditionRate, videoRenditions, withCrfs } from './video-rendition';

/** What of a source is cut into chunks, and for which outputs. */
export interface CutPart {
  readonly video: VideoStream;
  /** Outputs of which the picture is made in chunks. */
  readonly outputs: readonly PresetOutput[];
  /** All others: made whole, from the source. */
  readonly others: readonly PresetOutput[];
  readonly renditions: readonly VideoRendition[];
  /** All of `outputs` show the same part of the source. */
  readonly excerpt: Excerpt;
  /** Second of the source at which a whole encode would begin to read. */
  readonly fromSeconds: number;
  /** Microsecond of the file's own clock from which the times of the outputs count: as those of a whole encode. */
  readonly originMicroseconds: number;
  /** Unit of the time stamps of the picture. */
  readonly timeBase: Rational;
  /** Images that are put on the pictures, once they are made ready. */
  readonly images?: WatermarkImages;
}

/**
 * The part that is cut: the longest excerpt that a video output shows, with all outputs that show the same.
 * Undefined when no output has a moving picture of its own.
 * @param crfs factors that were chosen for the source, by the id of the rendition
 */
export function cutPart(
  outputs: readonly PresetOutput[],
  probe: Probe,
  crfs?: Readonly<Record<string, number>>,
): CutPart | undefined {
  const { video } = probe;
  const moving = outputs.filter(output => videoRenditions([output], probe).length > 0);
  const lasts = pictureSeconds(probe);
  const [longest] = [...moving].sort(
    (a, b) => excerptSeconds(excerptOf(b), lasts) - excerptSeconds(excerptOf(a), lasts),
  );
  if (video === undefined || longest === undefined) return undefined;
  const excerpt = excerptOf(longest);
  const cut = moving.filter(output => isSame(excerptOf(output), excerpt));
  const fromSeconds = readFromSeconds([excerpt], canSeek(probe));
  return {
    video,
    outputs: cut,
    others: outputs.filter(output => !cut.includes(output)),
    renditions: withCrfs(videoRenditions(cut, probe), crfs && new Map(Object.entries(crfs))),
    excerpt,
    fromSeconds,
    originMicroseconds:
      Math.round(startSeconds(outputs, probe) * 1_000_000) + Math.round(fromSeconds * 1_000_000),
    timeBase: parseRational(video.timeBase),
  };
}

/** Second of the file's clock from which ffmpeg counts when it makes all the outputs at once. */
function startSeconds(outputs: readonly PresetOutput[], probe: Probe): number {
  if (!countsFromUsedStreams(probe)) return probe.startSeconds;
  const tracks = outputs.flatMap(output => soundRenditions(output, probe).map(({ track }) => track));
  const starts = [probe.video, ...tracks]
    .map(stream => stream?.startSeconds)
    .filter(start => start !== undefined);
  return starts.length === 0 ? probe.startSeconds : Math.min(...starts);
}

/** Name of the file of a rendition before it is put together with others; no output can have such a name. */
export function partFileName({ id, wanted }: VideoRendition): string {
  return `${partNameStart(id)}${wanted.codec === 'prores' || wanted.codec === 'dnxhr' ? 'mov' : 'mp4'}`;
}

/** Whether it is the name of such a file. @param id of the rendition */
export function isPartFileOf(id: string, fileName: string): boolean {
  return fileName.startsWith(partNameStart(id));
}

/** An id has no point. */
function partNameStart(id: string): string {
  return `_picture-${id}.`;
}

/** Leaves out of a part all that its file could tell of the source. */
export const PART_METADATA = ['-map_metadata', '-1', '-map_metadata:s', '-1', '-map_chapters', '-1'];

/** Where a rendition of the part has its frames: as the source, or on the grid of a steady rate. */
export interface FrameGrid {
  /** Unit of the frames' times. */
  readonly unit: Rational;
  /** Absent: the frames of the source. */
  readonly rate?: Rational;
}

export function frameGrid(
  rendition: VideoRendition,
  { video, timeBase }: Pick<CutPart, 'video' | 'timeBase'>,
): FrameGrid {
  const choice = renditionRate(rendition, video);
  if (choice.kind === 'keep') return { unit: timeBase };
  const rate = exactFrameRate(choice.framesPerSecond);
  return { unit: { num: rate.den, den: rate.num }, rate };
}

/** Time on a grid of a time stamp of the source. */
export function onGrid({ unit, rate }: FrameGrid, pts: number, part: CutPart): number {
  const ticks = pts + originTicks(part);
  return rate === undefined ? ticks : rescale(ticks, part.timeBase, unit);
}

/** Time at which a chunk begins in a rendition. */
export function chunkStart(
  { index, startPts }: Pick<Chunk, 'index' | 'startPts'>,
  grid: FrameGrid,
  part: CutPart,
): number {
  const { excerpt, fromSeconds } = part;
  // Read from before its beginning, an excerpt of steady rate begins on time, with the frame that is held there.
  return index === 0 && grid.rate !== undefined && excerpt.startSeconds > fromSeconds
    ? excerptOnGrid(grid, part).start
    : onGrid(grid, startPts, part);
}

/** What is added to the time stamps of the source: they count from where a whole encode would begin. */
export function originTicks({ originMicroseconds, timeBase }: CutPart): number {
  return toTicks(-originMicroseconds / 1_000_000, timeBase);
}

/** Where the excerpt begins and, if it does not go on to the end of the source, ends, on a grid. */
export function excerptOnGrid(
  { unit }: FrameGrid,
  { excerpt, fromSeconds }: CutPart,
): { readonly start: number; readonly end: number | undefined } {
  return {
    start: toTicks(excerpt.startSeconds - fromSeconds, unit),
    end: excerpt.endSeconds === undefined ? undefined : toTicks(excerpt.endSeconds - fromSeconds, unit),
  };
}

function isSame(a: Excerpt, b: Excerpt): boolean {
  return a.startSeconds === b.startSeconds && a.endSeconds === b.endSeconds;
}
