import type { Chunk } from './chunk';
import { framesOfFile } from './chunk';
import { gopNumber } from './chunk-edges';
import type { CutPart } from './cut-part';
import { chunkStart, excerptOnGrid, frameGrid, originTicks, PART_METADATA, partFileName } from './cut-part';
import type { FfmpegPlan, PlannedFile } from './encode-plan';
import { pictureGraph } from './picture-graph';
import type { Probe } from './probe';
import { isMeasuredByEncoder } from './quality/encoder-score';
import { canSeek } from './seekable';
import { formatMicroseconds, toMicroseconds, toSeconds, toTicks } from './time-base';
import { CAP_WINDOW_SECONDS, GOP_SECONDS } from './video-encoders';
import type { VideoRendition } from './video-rendition';
import { renditionBranches, renditionOptions } from './video-rendition';
import { watermarkInputs, finishBranches } from './watermark';

/** Seconds before a chunk from which its frames go through the filters where these need neighbours. */
const LEAD_SECONDS = 1;
/** Frames by which a chunk may begin after the time at which a key frame is due and still begin a group in time. */
const DUE_FRAMES = 1.5;
/** Seconds by which a key frame is asked for too early, so that rounding does not make it a frame too late. */
const KEY_TOLERANCE_SECONDS = 0.0001;
/**
 * Share of the player's buffer that an encoder may count on when it begins in the middle: what it keeps full there by
 * itself. With all of it, as at the beginning, the seam would exceed the cap; with less, it would look worse.
 */
const BUFFERED_AT_SEAM = 0.5;
/** The same for x264 at the speeds at which it does not look ahead: it uses nearly all of the buffer up. */
const BUFFERED_WITHOUT_LOOKAHEAD = 0.1;
const WITHOUT_LOOKAHEAD: readonly string[] = ['ultrafast', 'superfast'];

/**
 * The picture of a chunk, for all renditions from one decode.
 * Time stamps stay those of the whole source on their way through the filters, so that each frame gets what a whole
 * encode would give it; which of them belong to the chunk is decided by their number there, not by where reading began.
 */
export function planChunkEncode(part: CutPart, chunk: Chunk, probe: Probe): FfmpegPlan {
  const { renditions, video, fromSeconds, images = new Map() } = part;
  const plain = renditionBranches(renditions, video, fromSeconds);
  const branches = finishBranches(plain, renditions, { video, images }).map((branch, index) => {
    const rendition = renditions[index];
    return rendition === undefined || branch.from !== undefined
      ? branch
      : { ...branch, early: chunkFilters(rendition, chunk, part) };
  });
  return {
    ...(renditions.some(({ wanted }) => isMeasuredByEncoder(wanted)) ? { prints: true } : {}),
    inputOptions: ['-copyts', ...seekOptions(part, chunk, probe)],
    moreInputs: watermarkInputs(images),
    filterGraph: pictureGraph(branches, video, leadFilters(part, chunk, probe)),
    files: renditions.map((rendition, index) => plannedFile(rendition, { index, chunk, part })),
  };
}

function seekOptions({ timeBase }: CutPart, { seekPts }: Chunk, probe: Probe): string[] {
  if (seekPts === undefined) return [];
  const fileStart = Math.round(probe.startSeconds * 1_000_000);
  // ffmpeg must not drop what comes before the time that it is told: it may be later than the first frame.
  return ['-noaccurate_seek', '-ss', formatMicroseconds(toMicroseconds(seekPts, timeBase) - fileStart)];
}

/** Drops what is decoded on the way to the chunk. */
function leadFilters(part: CutPart, chunk: Chunk, probe: Probe): string[] {
  const needsLead = part.video.interlaced || !canSeek(probe);
  const lead = needsLead ? toTicks(LEAD_SECONDS, part.timeBase) : 0;
  const from = chunk.startPts - lead;
  // A whole encode of an excerpt does not see what is before it either.
  const isFree = chunk.index === 0 && part.fromSeconds === 0;
  const earliest = part.fromSeconds === 0 ? from : -originTicks(part);
  return isFree ? [] : [`trim=start_pts=${Math.max(earliest, from)}`];
}

/** Brings a rendition to its rate, and leaves the frames of the chunk. */
function chunkFilters(rendition: VideoRendition, chunk: Chunk, part: CutPart): string[] {
  const grid = frameGrid(rendition, part);
  const { num, den } = part.timeBase;
  // A deinterlacer counts in half units.
  const inUnits = part.video.interlaced ? [`settb=expr=${num}/${den}`] : [];
  if (grid.rate === undefined)
    return [...inUnits, `trim=start_pts=${chunk.startPts}:end_pts=${chunk.endPts}`];
  const start = chunkStart(chunk, grid, part);
  return [
    ...inUnits,
    // The grid begins where the outputs do.
    `setpts=PTS${signed(originTicks(part))}`,
    `fps=fps=${grid.rate.num}/${grid.rate.den}`,
    // The last frame of the source is held for as long as the plan says.
    'tpad=stop=-1:stop_mode=clone',
    `trim=start_pts=${start}:end_pts=${start + framesOfFile(chunk, partFileName(rendition))}`,
  ];
}

function plannedFile(
  rendition: VideoRendition,
  { index, chunk, part }: { index: number; chunk: Chunk; part: CutPart },
): PlannedFile {
  const grid = frameGrid(rendition, part);
  const fileName = partFileName(rendition);
  // A steady rate counts from where the outputs begin, all else from where the file does.
  const shift = grid.rate === undefined ? originTicks(part) : 0;
  const start = chunkStart(chunk, grid, part) - shift;
  return {
    fileName,
    options: [
      ...['-map', `[v${index}]`, ...withKeyFrames(renditionOptions(rendition, part.video), keyFramesFrom())],
      ...(chunk.index === 0 ? [] : seamOptions(rendition)),
      ...PART_METADATA,
      ...['-output_ts_offset', formatMicroseconds(-toMicroseconds(start, grid.unit))],
      ...['-f', fileName.endsWith('.mov') ? 'mov' : 'mp4'],
    ],
  };

  /** Second at which the first key frame is due: on the same grid as in a whole encode, where the chunk begins there. */
  function keyFramesFrom(): number {
    const seconds = toSeconds(start, grid.unit);
    const begin = toSeconds(excerptOnGrid(grid, part).start - shift, grid.unit);
    const due = begin + gopNumber(seconds - begin) * GOP_SECONDS;
    const isDue = seconds - due < DUE_FRAMES / part.video.frameRate;
    return (isDue ? due : seconds) - KEY_TOLERANCE_SECONDS;
  }
}

/** Keeps to the cap of the bit rate across the seam; other encoders do not hold it to the buffer anyway. */
function seamOptions({ wanted: { codec, quality, speed } }: VideoRendition): string[] {
  if (quality.maxBitrateKbps === undefined || (codec !== 'h264' && codec !== 'hevc')) return [];
  const bufferBits = quality.maxBitrateKbps * 1000 * CAP_WINDOW_SECONDS;
  const isUsedUp = codec === 'h264' && WITHOUT_LOOKAHEAD.includes(speed);
  const buffered = bufferBits * (isUsedUp ? BUFFERED_WITHOUT_LOOKAHEAD : BUFFERED_AT_SEAM);
  return ['-rc_init_occupancy', String(Math.round(buffered))];
}

function withKeyFrames(options: readonly string[], fromSeconds: number): string[] {
  const at = options.indexOf('-force_key_frames') + 1;
  if (at === 0) return [...options];
  return options.with(at, `expr:gte(t,${fromSeconds.toFixed(6)}+n_forced*${GOP_SECONDS})`);
}

function signed(ticks: number): string {
  return ticks < 0 ? String(ticks) : `+${ticks}`;
}
