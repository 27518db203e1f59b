import { z } from 'zod';
import {
  audioSchema,
  metadataSchema,
  NAME_PATTERN,
  outputName,
  sizeSchema,
  trimSchema,
  videoSchema,
} from './preset-fields';
import { outputProblems } from './preset-rules';
import { taskSizeSchema } from './task-size';

export { NAME_PATTERN };

const videoOutput = z
  .strictObject({
    kind: z.literal('video'),
    name: outputName,
    container: z
      .enum(['mp4', 'webm', 'mov'])
      .default('mp4')
      .describe(
        'File format. mp4 takes h264, hevc and av1, webm takes vp9 and av1, mov takes prores, dnxhr, h264 and hevc. Default mp4. The index is in front, so that it plays while it loads.',
      ),
    video: videoSchema.prefault({}),
    audio: audioSchema
      .optional()
      .describe('Absent: the output has no sound. A source without sound gives an output without.'),
    trim: trimSchema.optional(),
    metadata: metadataSchema.prefault({}),
  })
  .describe('A video file.');

const audioOutput = z
  .strictObject({
    kind: z.literal('audio'),
    name: outputName,
    container: z
      .enum(['m4a', 'ogg', 'mp3', 'flac', 'wav'])
      .default('m4a')
      .describe(
        'File format: m4a takes aac, ogg takes opus, mp3, flac and wav (pcm) their own. Default m4a.',
      ),
    audio: audioSchema.prefault({}),
    trim: trimSchema.optional(),
    metadata: metadataSchema.prefault({}),
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
          for (const { path, message } of outputProblems(output)) {
            context.addIssue({ code: 'custom', path: [index, ...path], message });
          }
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
export type VideoSettings = VideoOutput['video'];
export type AudioSettings = AudioOutput['audio'];
export type Trim = NonNullable<VideoOutput['trim']>;

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
