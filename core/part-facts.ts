import { z } from 'zod';

/** What ffprobe is asked of a part of a picture, with SHA-256 for data: `-show_entries`. */
export const PART_ENTRIES = 'stream=nb_frames,extradata_hash';

export interface PartFacts {
  readonly frames: number;
  /** Of what the decoder has to know beforehand; the same for all parts that can follow each other. */
  readonly headerHash: string;
}

const partSchema = z.object({
  streams: z
    .array(z.object({ nb_frames: z.coerce.number().int().min(0), extradata_hash: z.string().default('') }))
    .min(1),
});

/**
 * Reads the JSON that ffprobe prints for `PART_ENTRIES`.
 * @throws when it is not that
 */
export function parsePartFacts(json: string): PartFacts {
  const [stream] = partSchema.parse(JSON.parse(json)).streams;
  return { frames: stream?.nb_frames ?? 0, headerHash: stream?.extradata_hash ?? '' };
}
