import { z } from 'zod';
import { LANGUAGE_PATTERN } from './language';
import { targetSchema } from './quality/target';

/** Names that may stand in file names and S3 keys without any encoding. */
export const NAME_PATTERN = /^[a-z0-9][a-z0-9._-]{0,63}$/;

export const outputName = z
  .string()
  .regex(
    NAME_PATTERN,
    'Use 1 to 64 lower-case letters, digits, dots, dashes and underscores, beginning with a letter or digit.',
  )
  .describe('Name of the output; the file is called NAME.EXTENSION.');

const sideLength = z.int().min(16).max(8192);

export const sizeSchema = z
  .union([
    z.strictObject({
      shortSide: sideLength.describe(
        'Pixels of the shorter side: the height of a landscape video, the width of a portrait one. A smaller source keeps its size.',
      ),
    }),
    z.strictObject({
      boxWidth: sideLength.describe('The picture is scaled down, in proportion, until it fits this width …'),
      boxHeight: sideLength.describe('… and this height. A smaller source keeps its size.'),
      fit: z
        .enum(['inside', 'crop', 'pad'])
        .default('inside')
        .describe(
          'inside: the whole picture, no larger than the box. crop: the box is filled and what sticks out is cut off on both sides. pad: the whole picture on black, exactly the size of the box. Default inside.',
        ),
    }),
  ])
  .describe('Size of the picture by its short side or by a box. Absent: as the source. Never scaled up.');

export const qualitySchema = z
  .strictObject({
    crf: z
      .int()
      .min(10)
      .max(51)
      .default(23)
      .describe(
        'Constant rate factor on the scale of H.264, translated for the other codecs: lower is better and larger; 18 is visually lossless. Default 23. Without effect on prores and dnxhr.',
      ),
    maxBitrateKbps: z
      .int()
      .min(50)
      .max(200_000)
      .optional()
      .describe('Cap on the bit rate over two seconds, in kbit/s. Absent: no cap.'),
    target: targetSchema.optional(),
  })
  .describe('Constant quality, or a quality that is aimed at, with an optional cap on the bit rate.');

const watermarkSchema = z
  .strictObject({
    image: z
      .string()
      .regex(
        /^[a-zA-Z0-9][\w.-]{0,63}\.(?:png|jpe?g|webp)$/,
        'Use the name of a PNG, JPEG or WebP file without a path, such as logo.png.',
      )
      .optional()
      .describe(
        "PNG, JPEG or WebP file that lies beside the presets: presets/images/IMAGE of the state bucket. Absent: the one that the manifest's watermark names.",
      ),
    position: z
      .enum(['topLeft', 'topRight', 'bottomLeft', 'bottomRight', 'center'])
      .default('bottomRight')
      .describe('Corner of the picture, or its middle. Default bottomRight.'),
    sizePercent: z
      .number()
      .min(1)
      .max(200)
      .default(20)
      .describe(
        "Longer side of the image in percent of the picture's shorter side; no larger than the picture. Default 20.",
      ),
    marginPercent: z
      .number()
      .min(0)
      .max(40)
      .default(4)
      .describe("Distance from the edges in percent of the picture's shorter side. Default 4."),
    opacityPercent: z
      .number()
      .min(1)
      .max(100)
      .default(100)
      .describe('100 covers what is below. Default 100.'),
  })
  .describe('An image on the picture. Absent: none.');

export const videoSchema = z.strictObject({
  codec: z
    .enum(['h264', 'hevc', 'av1', 'vp9', 'prores', 'dnxhr'])
    .default('h264')
    .describe(
      'Video codec. Default h264, which plays everywhere. hevc, vp9 and av1 make smaller files and cost more; prores and dnxhr are for editing and go into mov.',
    ),
  profile: z
    .enum(['standard', 'high'])
    .default('standard')
    .describe('high: ProRes 422 HQ or DNxHR HQ instead of ProRes 422 or DNxHR SQ. Default standard.'),
  bitDepth: z
    .union([z.literal(8), z.literal(10)])
    .optional()
    .describe('Bits per sample. 10 for hevc, av1 and vp9 only. Default 8; prores always has 10, dnxhr 8.'),
  hdr: z
    .enum(['toSdr', 'keep'])
    .default('toSdr')
    .describe(
      'HDR10 and HLG sources: toSdr maps them to what every screen shows; keep leaves them HDR, for hevc, av1 and vp9 with bitDepth 10. Default toSdr. SDR sources stay SDR.',
    ),
  rotateDegrees: z
    .union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)])
    .default(0)
    .describe('Clockwise turn, beside the one that the source asks for. Default 0.'),
  watermark: watermarkSchema.optional(),
  size: sizeSchema.optional(),
  quality: qualitySchema.prefault({}),
  maxFrameRate: z
    .number()
    .min(1)
    .max(240)
    .optional()
    .describe('Frames per second at most; a slower source keeps its own rate. Absent: as the source.'),
  speed: z
    .enum(['ultrafast', 'superfast', 'veryfast', 'faster', 'fast', 'medium', 'slow', 'slower'])
    .default('veryfast')
    .describe(
      'Effort of the encoder: slower makes smaller files and costs more. Default veryfast. Without effect on prores and dnxhr.',
    ),
});

const loudnessSchema = z
  .strictObject({
    targetLufs: z
      .number()
      .min(-36)
      .max(-8)
      .default(-23)
      .describe(
        'Integrated loudness in LUFS. Default -23, as broadcasters in Europe; music services use -14.',
      ),
    truePeakDbtp: z
      .number()
      .min(-9)
      .max(0)
      .default(-1)
      .describe('Peaks between the samples are at most this high, in dBTP. Default -1.'),
  })
  .describe(
    'Loudness after EBU R128: measured in a first pass, then the volume is changed as a whole; only where peaks would exceed the limit are they held back. Absent: as the source.',
  );

export const trackSchema = z
  .union([
    z.strictObject({
      language: z
        .string()
        .regex(/^[a-z]{3}$/, 'Use the three lower-case letters of ISO 639-2, such as eng or deu.')
        .describe('The first track in this language, as three letters of ISO 639-2.'),
    }),
    z.strictObject({
      number: z.int().min(1).max(64).describe('The n-th sound track of the source, the first is 1.'),
    }),
  ])
  .describe("Which of several sound tracks. Absent: the source's default track.");

export const audioSchema = z.strictObject({
  codec: z
    .enum(['aac', 'opus', 'mp3', 'flac', 'pcm'])
    .default('aac')
    .describe('Audio codec. Default aac. flac and pcm lose nothing.'),
  bitrateKbps: z
    .int()
    .min(16)
    .max(512)
    .default(128)
    .describe('Bit rate in kbit/s. Default 128. Without effect on flac and pcm.'),
  bitDepth: z
    .union([z.literal(16), z.literal(24)])
    .default(16)
    .describe('Bits per sample of flac and pcm. Default 16.'),
  channels: z
    .union([z.literal(1), z.literal(2), z.literal(6)])
    .default(2)
    .describe(
      'Channels at most: 1 mono, 2 stereo, 6 keeps up to 5.1. Default 2. More in the source are mixed down.',
    ),
  loudness: loudnessSchema.optional(),
  track: trackSchema.optional(),
});

const seconds = z.number().min(0).max(86_400);

export const trimSchema = z
  .strictObject({
    startSeconds: seconds.default(0).describe('Where the output begins in the source. Default 0.'),
    endSeconds: seconds.optional().describe("Where it ends in the source. Absent: at the source's end."),
  })
  .describe('Only this part of the source. Absent: all of it.');

export const metadataSchema = z
  .strictObject({
    title: z.boolean().default(false).describe('Keep the title. Default false.'),
    creationTime: z.boolean().default(false).describe('Keep the time of recording. Default false.'),
    chapters: z.boolean().default(false).describe('Keep the chapter marks. Default false.'),
    language: z.boolean().default(true).describe('Keep the language of the sound. Default true.'),
  })
  .describe(
    'What is kept of what the source says of itself. All else, such as the place of recording, is left behind always.',
  );

export const captionLanguage = z
  .string()
  .regex(LANGUAGE_PATTERN, 'Use a language tag such as en, de or pt-BR, or three letters such as eng.');

export const videoCaptionsSchema = z
  .strictObject({
    tracks: z
      .boolean()
      .default(true)
      .describe(
        'All captions become tracks of the file, which players can switch on: for mp4 and mov. Default true.',
      ),
    burnIn: captionLanguage
      .optional()
      .describe(
        'Captions of this language are drawn into the picture, where nobody can switch them off. Absent: none.',
      ),
  })
  .describe(
    'What becomes of the captions inside of the source and of those named in the manifest. Absent: the file has none.',
  );
