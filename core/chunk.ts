import { z } from 'zod';
import { readSpanSchema } from './read-span';

/** A part of the picture of a source: a half-open interval of its frames in the order in which they are shown. */
export const chunkSchema = z.strictObject({
  /** Place among the chunks of the job; the first is 0. */
  index: z.int().min(0),
  /** Number of the first frame; frames of the part of the source that is encoded count from 0. */
  firstFrame: z.int().min(0),
  /** Number of the first frame that does not belong to it any more. */
  endFrame: z.int().min(1),
  /** Presentation time stamp of the first frame, in units of the stream's time base. */
  startPts: z.int(),
  /** Time stamp at which the chunk's last frame ends: that of the next chunk's first frame, or the end of the stream. */
  endPts: z.int(),
  /** Time stamp to seek to, at or before which the frames can be decoded. Absent: decoding begins with the source. */
  seekPts: z.int().optional(),
  /** Where its frames lie in the source; absent where that does not tell. */
  bytes: readSpanSchema.optional(),
  /** Frames of those of its files that have another number of them than the interval, by file name: a preset may ask for another rate. */
  frames: z.record(z.string(), z.int().min(1)).optional(),
  /** Constant rate factors by the id of the rendition, where one was chosen for the source: the same in all chunks. */
  crfs: z.record(z.string(), z.int()).optional(),
});

export type Chunk = z.infer<typeof chunkSchema>;

/** Chunks that a source is cut into at most: beyond, the job's record would grow too large to be written again and again. */
export const MOST_CHUNKS = 480;

/** Frames of a chunk. */
export function framesOf({ firstFrame, endFrame }: Pick<Chunk, 'firstFrame' | 'endFrame'>): number {
  return endFrame - firstFrame;
}

/** Frames that a file of a chunk has. */
export function framesOfFile(chunk: Chunk, fileName: string): number {
  return chunk.frames?.[fileName] ?? framesOf(chunk);
}

/**
 * Whether chunks are a partition of a picture: each begins where the one before it ends, and none is empty.
 * @returns what is wrong, or undefined when all is right
 */
export function checkChunks(chunks: readonly Chunk[]): string | undefined {
  if (chunks.length > MOST_CHUNKS) return `there are ${chunks.length} chunks, more than ${MOST_CHUNKS}`;
  for (const [index, chunk] of chunks.entries()) {
    const before = chunks[index - 1];
    if (chunk.index !== index) return `chunk ${index} is numbered ${chunk.index}`;
    if (framesOf(chunk) < 1 || chunk.endPts <= chunk.startPts) return `chunk ${index} is empty`;
    if (
      chunk.firstFrame !== (before?.endFrame ?? 0) ||
      (before !== undefined && chunk.startPts !== before.endPts)
    )
      return `chunk ${index} does not begin where the one before it ends`;
  }
  return undefined;
}
