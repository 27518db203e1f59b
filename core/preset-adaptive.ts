import { z } from 'zod';
import {
  audioSchema,
  outputName,
  qualitySchema,
  trackSchema,
  trimSchema,
  videoCaptionsSchema,
  videoSchema,
} from './preset-fields';

const rungSchema = z.strictObject({
  shortSide: z
    .int()
    .min(96)
    .max(4320)
    .multipleOf(2)
    .describe('Pixels of the shorter side: the height of a landscape video, the width of a portrait one.'),
  quality: qualitySchema.prefault({}),
});

const soundSchema = audioSchema.pick({ bitrateKbps: true, channels: true, loudness: true }).extend({
  tracks: z
    .union([z.literal('all'), z.array(trackSchema).min(1).max(16)])
    .default('all')
    .describe(
      'Sound tracks of the source that viewers can choose from: all, or a list of them, of which the first plays at first. Default all, of which the default track plays at first.',
    ),
});

export const adaptiveOutput = z
  .strictObject({
    kind: z.literal('adaptive'),
    name: outputName.describe(
      'Name of the output: the folder in which its files lie. Players are given NAME/master.m3u8 (HLS) or NAME/manifest.mpd (DASH).',
    ),
    video: videoSchema
      .omit({ profile: true, size: true, quality: true })
      .extend({
        codec: z
          .enum(['h264', 'hevc', 'av1'])
          .default('h264')
          .describe(
            'Video codec of all sizes. Default h264, which plays everywhere. hevc and av1 make smaller files and cost more.',
          ),
      })
      .prefault({}),
    rungs: z
      .array(rungSchema)
      .min(1)
      .max(8)
      .optional()
      .describe(
        'Sizes among which players choose. Those above the source are left out, but for one that takes its size. Default 1080, 720, 480 and 360, with caps on their bit rates that suit the codec.',
      ),
    segmentSeconds: z
      .union([z.literal(2), z.literal(4), z.literal(6), z.literal(8), z.literal(10)])
      .default(6)
      .describe(
        'Length of the files into which each size is cut: 2, 4, 6, 8 or 10 seconds. Default 6. Shorter ones switch sooner and are more files; a key frame stands every two seconds in any case.',
      ),
    audio: soundSchema
      .optional()
      .describe(
        'Sound in AAC, beside the picture. Absent: the output has no sound. A source without sound gives an output without.',
      ),
    captions: videoCaptionsSchema
      .extend({
        tracks: z
          .boolean()
          .default(true)
          .describe('Viewers can choose among all captions, as WebVTT beside the picture. Default true.'),
      })
      .optional(),
    trim: trimSchema.optional(),
  })
  .describe('A video in several sizes for adaptive streaming: HLS and DASH over the same segments.');
