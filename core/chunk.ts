import { z } from 'zod';

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
  /** Frames of those of its files that have another number of them than the interval, by file name: a preset may ask for another rate. */
  frames: z.record(z.string(), z.int().min(1)).optional(),
});

export type Chunk = z.infer<typeof chunkSchema>;

/** Frames that a file of a chunk has. */
export function framesOfFile(chunk: Chunk, fileName: string): number {
  return chunk.frames?.[fileName] ?? chunk.endFrame - chunk.firstFrame;
}
