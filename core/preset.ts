import { z } from 'zod';
import { taskSizeSchema } from './task-size';

/** Names that may stand in file names and S3 keys without any encoding. */
export const NAME_PATTERN = /^[a-z0-9][a-z0-9._-]{0,63}$/;

const outputName = z
  .string()
  .regex(
    NAME_PATTERN,
    'Use 1 to 64 lower-case letters, digits, dots, dashes and underscores, beginning with a letter or digit.',
  )
  .describe('Name of the output; the file is called NAME.EXTENSION.');

const sideLength = z.int().min(16).max(8192);

const sizeSchema = z
  .union([
    z.strictObject({
      shortSide: sideLength.describe(
        'Pixels of the shorter side: the height of a landscape video, the width of a portrait one. A smaller source keeps its size.',
      ),
    }),
    z.strictObject({
      boxWidth: sideLength.describe('The picture is scaled down, in proportion, until it fits this width …'),
      boxHeight: sideLength.describe('… and this height. A smaller source keeps its size.'),
    }),
  ])
  .describe('Size of the picture by its short side or by a box. Absent: as the source. Never scaled up.');

const qualitySchema = z
  .strictObject({
    crf: z
      .int()
      .min(10)
      .max(51)
      .default(23)
      .describe('Constant rate factor: lower is better and larger; 18 is visually lossless. Default 23.'),
    maxBitrateKbps: z
      .int()
      .min(50)
      .max(200_000)
      .optional()
      .describe('Cap on the bit rate over two seconds, in kbit/s. Absent: no cap.'),
  })
  .describe('Constant quality, with an optional cap on the bit rate.');

const videoSchema = z.strictObject({
  codec: z.enum(['h264']).default('h264').describe('Video codec. Default h264, which plays everywhere.'),
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
    .describe('Encoder preset: slower makes smaller files and costs more. Default veryfast.'),
});

const audioSchema = z.strictObject({
  codec: z.enum(['aac']).default('aac').describe('Audio codec. Default aac.'),
  bitrateKbps: z.int().min(16).max(512).default(128).describe('Bit rate in kbit/s. Default 128.'),
  channels: z
    .int()
    .min(1)
    .max(2)
    .default(2)
    .describe('Channels: 1 mono, 2 stereo. Default 2. More in the source are mixed down.'),
});

const videoOutput = z
  .strictObject({
    kind: z.literal('video'),
    name: outputName,
    container: z
      .enum(['mp4'])
      .default('mp4')
      .describe('File format. Default mp4, with the index in front so that it plays while it loads.'),
    video: videoSchema.prefault({}),
    audio: audioSchema
      .optional()
      .describe('Absent: the output has no sound. A source without sound gives an output without.'),
  })
  .describe('A video file.');

const audioOutput = z
  .strictObject({
    kind: z.literal('audio'),
    name: outputName,
    container: z.enum(['m4a']).default('m4a').describe('File format. Default m4a.'),
    audio: audioSchema.prefault({}),
  })
  .describe('A sound file.');

const stillOutput = z
  .strictObject({
    kind: z.literal('still'),
    name: outputName,
    format: z.enum(['jpeg']).default('jpeg').describe('Image format. Default jpeg.'),
    size: sizeSchema.optional(),
    atPercent: z
      .number()
      .min(0)
      .max(100)
      .default(10)
      .describe('Which moment, in percent of the duration. Default 10.'),
    jpegQuality: z.int().min(1).max(100).default(85).describe('JPEG quality from 1 to 100. Default 85.'),
  })
  .describe('A picture from the video.');

export const presetSchema = z
  .strictObject({
    $schema: z.string().optional().describe('Path of the JSON Schema, for completion in an editor.'),
    description: z.string().max(500).optional().describe('What the preset is for, in a sentence.'),
    outputs: z
      .array(z.discriminatedUnion('kind', [videoOutput, audioOutput, stillOutput]))
      .min(1)
      .max(16)
      .superRefine((outputs, context) => {
        const seen = new Set<string>();
        outputs.forEach((output, index) => {
          const fileName = outputFileName(output);
          if (seen.has(fileName)) {
            context.addIssue({
              code: 'custom',
              path: [index, 'name'],
              message: `Another output is called ${fileName} too. Give each its own name.`,
            });
          }
          seen.add(fileName);
        });
      })
      .describe('What is made of each video.'),
    task: taskSizeSchema.prefault({}),
  })
  .describe('A Spotreel preset: what is made of a video, and on how large a task.');

export type Preset = z.infer<typeof presetSchema>;
export type PresetOutput = Preset['outputs'][number];
export type VideoOutput = Extract<PresetOutput, { kind: 'video' }>;
export type AudioOutput = Extract<PresetOutput, { kind: 'audio' }>;
export type StillOutput = Extract<PresetOutput, { kind: 'still' }>;
export type PictureSize = NonNullable<VideoOutput['video']['size']>;

/** File name of an output, as it will stand below the job's output prefix. */
export function outputFileName(output: {
  kind: 'video' | 'audio' | 'still';
  name: string;
  container?: string;
  format?: string;
}): string {
  const extension = output.kind === 'still' ? 'jpg' : output.container;
  return `${output.name}.${extension}`;
}
