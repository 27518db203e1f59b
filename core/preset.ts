import { z } from 'zod';
import {
  audioSchema,
  captionLanguage,
  metadataSchema,
  NAME_PATTERN,
  outputName,
  trimSchema,
  videoCaptionsSchema,
  videoSchema,
} from './preset-fields';
import { adaptiveOutput } from './preset-adaptive';
import { outputProblems } from './preset-rules';
import { hasSeveralFiles, outputFileName, sharesFileName } from './output-files';
import { clipOutput, stillOutput, storyboardOutput, thumbnailsOutput } from './preset-stills';
import { taskSizeSchema } from './task-size';

export { NAME_PATTERN, outputFileName };

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
    captions: videoCaptionsSchema.optional(),
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

const captionsOutput = z
  .strictObject({
    kind: z.literal('captions'),
    name: outputName.describe('Name of the output; its files are NAME.LANGUAGE.vtt.'),
    languages: z
      .array(captionLanguage)
      .min(1)
      .max(40)
      .optional()
      .describe('Only these languages. Absent: all that there are.'),
    required: z
      .boolean()
      .default(false)
      .describe(
        'A video without captions, or without one of the languages, is rejected. Default false: it gives no files.',
      ),
    trim: trimSchema.optional(),
  })
  .describe('A WebVTT file for each language of the captions.');

/** All files of a job are told in one message and one record. */
const MOST_OUTPUTS_OF_SEVERAL_FILES = 4;

export const presetSchema = z
  .strictObject({
    $schema: z.string().optional().describe('Path of the JSON Schema, for completion in an editor.'),
    description: z.string().max(500).optional().describe('What the preset is for, in a sentence.'),
    outputs: z
      .array(
        z.discriminatedUnion('kind', [
          videoOutput,
          audioOutput,
          adaptiveOutput,
          stillOutput,
          thumbnailsOutput,
          storyboardOutput,
          clipOutput,
          captionsOutput,
        ]),
      )
      .min(1)
      .max(16)
      .superRefine((outputs, context) => {
        outputs.filter(hasSeveralFiles).forEach((output, index) => {
          if (index < MOST_OUTPUTS_OF_SEVERAL_FILES) return;
          context.addIssue({
            code: 'custom',
            path: [outputs.indexOf(output), 'kind'],
            message: `Use at most ${MOST_OUTPUTS_OF_SEVERAL_FILES} thumbnails and storyboards in a preset.`,
          });
        });
        outputs.forEach((output, index) => {
          const clash = outputs.slice(0, index).find(other => sharesFileName(output, other));
          if (clash !== undefined) {
            context.addIssue({
              code: 'custom',
              path: [index, 'name'],
              message: `Output "${clash.name}" has a file called ${outputFileName(output)} too. Give each its own name.`,
            });
          }
          for (const { path, message } of outputProblems(output)) {
            context.addIssue({ code: 'custom', path: [index, ...path], message });
          }
        });
      })
      .describe('What is made of each video.'),
    task: taskSizeSchema.prefault({}),
  })
  .describe('A Spotreel preset: what is made of a video, and on how large a task.');

/** Whether an output can have captions. */
export function takesCaptions(output: PresetOutput): boolean {
  if (output.kind === 'captions') return true;
  return (output.kind === 'video' || output.kind === 'adaptive') && output.captions !== undefined;
}

export type Preset = z.infer<typeof presetSchema>;
export type PresetOutput = Preset['outputs'][number];
export type VideoOutput = Extract<PresetOutput, { kind: 'video' }>;
export type AudioOutput = Extract<PresetOutput, { kind: 'audio' }>;
export type AdaptiveOutput = Extract<PresetOutput, { kind: 'adaptive' }>;
export type StillOutput = Extract<PresetOutput, { kind: 'still' }>;
export type PictureSize = NonNullable<VideoOutput['video']['size']>;
export type VideoSettings = VideoOutput['video'];
export type Watermark = NonNullable<VideoSettings['watermark']>;
export type AudioSettings = AudioOutput['audio'];
export type Trim = NonNullable<VideoOutput['trim']>;

export type ThumbnailsOutput = Extract<PresetOutput, { kind: 'thumbnails' }>;
export type StoryboardOutput = Extract<PresetOutput, { kind: 'storyboard' }>;
export type CaptionsOutput = Extract<PresetOutput, { kind: 'captions' }>;
export type ClipOutput = Extract<PresetOutput, { kind: 'clip' }>;
