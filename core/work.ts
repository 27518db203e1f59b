import { z } from 'zod';
import { chunkSchema } from './chunk';
import { scoreSchema } from './quality/score';
import { captionFactsSchema, outputFactsSchema, sourceFactsSchema, treeFactsSchema } from './report';

const splitSchema = z.strictObject({
  /** Seconds of picture above which a source is cut. */
  aboveSeconds: z.number().positive(),
  /** Seconds that a chunk lasts, about: it begins at a key frame of the source where one is near. */
  chunkSeconds: z.number().positive(),
});

/** A published adaptive output that gets captions. */
const publishedLadderSchema = z.strictObject({
  outputName: z.string(),
  /** Inputs that are its master playlist, its DASH manifest, and the list of its files. */
  masterId: z.string(),
  manifestId: z.string(),
  listId: z.string(),
  /** What was reported of it, which holds still. */
  before: outputFactsSchema
    .pick({ video: true, audio: true, score: true })
    .extend({ durationSeconds: z.number().positive(), tree: treeFactsSchema }),
});

/** What an order is about. */
export const workSchema = z.discriminatedUnion('kind', [
  /** Everything from the probe to the finished outputs; or, of a long source, the plan of how it is cut. */
  z.strictObject({
    kind: z.literal('encode-whole'),
    /** How a long source is to be cut. Absent: it is encoded whole, however long. */
    split: splitSchema.optional(),
  }),
  /** The picture of one chunk, for all outputs that have a moving picture, from one decode. */
  z.strictObject({ kind: z.literal('encode-chunk'), chunk: chunkSchema }),
  /** What is not cut: all sound, once and whole, and the pictures. */
  z.strictObject({ kind: z.literal('encode-rest') }),
  /** The outputs put together from what the other orders made. */
  z.strictObject({ kind: z.literal('assemble') }),
  /** Captions that came after the outputs were published, put into these without encoding them again. */
  z.strictObject({
    kind: z.literal('add-captions'),
    /** The source as the published outputs were made of it. */
    source: sourceFactsSchema,
    /** Inputs that are the captions to add. */
    captionIds: z.array(z.string()).min(1),
    /** The published files that get them as tracks, by the input that each is. */
    published: z.array(
      z.strictObject({
        inputId: z.string(),
        outputName: z.string(),
        captions: z.array(captionFactsSchema),
        /** How good the picture is, which stays as it is. */
        score: scoreSchema.optional(),
      }),
    ),
    /** The adaptive outputs that get them as renditions. Absent in records from before there were any. */
    ladders: z.array(publishedLadderSchema).default([]),
  }),
]);

export type Split = z.infer<typeof splitSchema>;
export type Work = z.infer<typeof workSchema>;
export type PublishedLadder = z.infer<typeof publishedLadderSchema>;
