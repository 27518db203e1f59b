import { z } from 'zod';
import { outputName, sizeSchema } from './preset-fields';

const imageFormat = z
  .enum(['jpeg', 'png', 'webp'])
  .default('jpeg')
  .describe('Image format. Default jpeg; png loses nothing and is several times as large.');

const imageQuality = z
  .int()
  .min(1)
  .max(100)
  .default(85)
  .describe('Quality of JPEG and WebP from 1 to 100. Default 85.');

export const stillOutput = z
  .strictObject({
    kind: z.literal('still'),
    name: outputName,
    format: imageFormat,
    size: sizeSchema.optional(),
    atPercent: z
      .number()
      .min(0)
      .max(100)
      .default(10)
      .describe('Which moment, in percent of the duration. Default 10.'),
    atSeconds: z
      .number()
      .min(0)
      .max(86_400)
      .optional()
      .describe('Which moment, in seconds of the source, instead of atPercent.'),
    best: z
      .boolean()
      .default(false)
      .describe(
        'Instead of a moment: the sharpest of the key frames of the first five minutes that are neither black nor blank. Default false.',
      ),
    jpegQuality: imageQuality,
  })
  .describe('A picture from the video.');

const everySeconds = z.number().min(0.1).max(3600);

export const thumbnailsOutput = z
  .strictObject({
    kind: z.literal('thumbnails'),
    name: outputName.describe('Name of the output; the files are called NAME-001.EXTENSION and so on.'),
    format: imageFormat,
    size: sizeSchema.prefault({ shortSide: 180 }).describe('Size of each picture. Default short side 180.'),
    everySeconds: everySeconds
      .default(10)
      .describe(
        'Seconds between two pictures, the first at 0. Default 10. Lengthened where there would be more than 200.',
      ),
    jpegQuality: imageQuality,
  })
  .describe('A picture every so many seconds, each in a file of its own.');

const tileCount = z.int().min(1).max(10);

export const storyboardOutput = z
  .strictObject({
    kind: z.literal('storyboard'),
    name: outputName.describe(
      'Name of the output; its files are NAME-001.EXTENSION and so on, and NAME.vtt.',
    ),
    format: imageFormat,
    tileSide: z
      .int()
      .min(32)
      .max(320)
      .default(160)
      .describe('Pixels of the longer side of a tile. Default 160.'),
    columns: tileCount.default(10).describe('Tiles beside each other on a sheet. Default 10.'),
    rows: tileCount.default(10).describe('Tiles below each other on a sheet. Default 10.'),
    everySeconds: everySeconds
      .default(5)
      .describe(
        'Seconds between two tiles, the first at 0. Default 5. Lengthened where there would be more than 200 sheets.',
      ),
    jpegQuality: imageQuality,
  })
  .describe('Sheets of small pictures with a WebVTT map that tells players which shows what moment.');

export const clipOutput = z
  .strictObject({
    kind: z.literal('clip'),
    name: outputName,
    format: z
      .enum(['mp4', 'gif', 'webp'])
      .default('mp4')
      .describe('mp4 (H.264), gif or animated webp; all are silent. Default mp4, by far the smallest.'),
    startPercent: z
      .number()
      .min(0)
      .max(100)
      .default(10)
      .describe('Where it begins, in percent of the duration. Default 10.'),
    startSeconds: z
      .number()
      .min(0)
      .max(86_400)
      .optional()
      .describe('Where it begins, in seconds of the source, instead of startPercent.'),
    seconds: z
      .number()
      .min(0.5)
      .max(15)
      .default(4)
      .describe('How long it lasts. Default 4. Begins earlier where the source would end before.'),
    size: sizeSchema
      .prefault({ shortSide: 270 })
      .describe('Size of the picture. Default short side 270; gif and webp at most 720.'),
    maxFrameRate: z.number().min(1).max(30).default(12).describe('Frames per second at most. Default 12.'),
  })
  .describe('A short, silent clip to show on hover or in a list.');
