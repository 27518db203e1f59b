import { z } from 'zod';
import { CAPTION_ENCODINGS } from './captions/decode-text';
import { LANGUAGE_PATTERN } from './language';

/** What is told of a caption file beside its content. */
export const captionLabelSchema = z.strictObject({
  language: z
    .string()
    .regex(LANGUAGE_PATTERN, 'Use a language tag such as en, de or pt-BR, or three letters such as eng.')
    .describe('Language: a tag such as en, de, pt-BR or zh-Hant, or three letters of ISO 639-2.'),
  name: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[^\p{Cc}"]+$/u, 'Use no double quotes and no control characters.')
    .optional()
    .describe('What players show in their menu, such as Deutsch. Absent: left to the player.'),
  default: z.boolean().default(false).describe('Shown unless the viewer chooses otherwise. Default false.'),
  forced: z
    .boolean()
    .default(false)
    .describe('Only what must be read to follow, such as signs in a foreign language. Default false.'),
  hearingImpaired: z
    .boolean()
    .default(false)
    .describe('Tells of sounds too, for those who cannot hear them. Default false.'),
  encoding: z
    .enum(CAPTION_ENCODINGS)
    .optional()
    .describe(
      'Encoding of the file. Absent: UTF-8 and UTF-16 are recognized, all else is taken for Windows-1252 (Latin-1).',
    ),
});

export type CaptionLabel = z.infer<typeof captionLabelSchema>;

/** Whether a file is shown before or after the source. */
const placeSchema = z.enum(['intro', 'outro']);

export type Place = z.infer<typeof placeSchema>;

/** What a file that an order takes beside its source is for. */
export const inputUseSchema = z.discriminatedUnion('kind', [
  captionLabelSchema.extend({ kind: z.literal('captions') }),
  /** Put on the picture of the outputs that ask for it. */
  z.strictObject({ kind: z.literal('watermark') }),
  /** Shown before or after the source, as part of all outputs. */
  z.strictObject({ kind: z.literal('part'), place: placeSchema }),
  /** A file that was published before, and gets something added. */
  z.strictObject({ kind: z.literal('published') }),
]);

export type InputUse = z.infer<typeof inputUseSchema>;
