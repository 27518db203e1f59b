import { z } from 'zod';
import { captionLabelSchema } from './input-use';
import { NAME_PATTERN } from './preset';

const inboxFile = z
  .string()
  .min(1)
  .max(900)
  .refine(
    name => !name.split('/').includes('..') && !name.endsWith('/') && !/[\p{Cc}]/u.test(name),
    'Use the name of a file in the folder of the video, or its whole key after a slash; without "..".',
  );

/** Files that are shown before, or after, a video at most: all are open at once. */
const MOST_PARTS = 5;

const partFiles = z.union([inboxFile, z.array(inboxFile).min(1).max(MOST_PARTS)]);

/** What stands in `<video key>.json`, beside the video. */
export const manifestSchema = z
  .strictObject({
    $schema: z.string().optional().describe('Path of the JSON Schema, for completion in an editor.'),
    preset: z
      .string()
      .regex(NAME_PATTERN, 'Use the name of a preset, such as web-720p, without path or extension.')
      .describe('Name of the preset to apply: the file presets/NAME.json of the state bucket.'),
    user: z
      .string()
      .min(1)
      .max(128)
      .regex(
        /^[\p{L}\p{N} _.:/=+@-]+$/u,
        'Use letters, digits, spaces and _ . : / = + - @ only, since the value becomes a tag.',
      )
      .optional()
      .describe(
        'Who asked: becomes the tag "user" of the task, so that cost can be told apart. Absent: the identity that uploaded.',
      ),
    tags: z
      .record(
        z
          .string()
          .min(1)
          .max(128)
          .regex(
            /^(?!aws:)[\p{L}\p{N} _.:/=+@-]+$/u,
            'Use letters, digits, spaces and _ . : / = + - @ only; not beginning with aws:.',
          ),
        z
          .string()
          .max(256)
          .regex(/^[\p{L}\p{N} _.:/=+@-]*$/u, 'Use letters, digits, spaces and _ . : / = + - @ only.'),
      )
      .refine(tags => Object.keys(tags).length <= 20, 'Use at most 20 tags.')
      .refine(
        tags => !['expiry', 'user', 'job'].some(name => name in tags),
        'The tags expiry, user and job are set by Spotreel. Use other names.',
      )
      .optional()
      .describe('Further tags for the task and the record.'),
    captions: z
      .array(
        captionLabelSchema.extend({
          file: inboxFile.describe(
            'SRT, WebVTT or ASS file: its name in the folder of the video, or its whole key after a slash.',
          ),
        }),
      )
      .min(1)
      .max(40)
      .optional()
      .describe('Caption files for outputs that take captions. Those inside of the video need not be named.'),
    watermark: inboxFile
      .optional()
      .describe(
        'PNG, JPEG or WebP picture for a preset that puts one on its videos: its name in the folder of the video, or its whole key after a slash.',
      ),
    intro: partFiles
      .optional()
      .describe(
        `Video or sound file that is shown before the video in all outputs, or up to ${MOST_PARTS} of them: names in the folder of the video, or whole keys after a slash.`,
      ),
    outro: partFiles.optional().describe('The same after the video.'),
    priority: z
      .enum(['standard', 'urgent'])
      .default('standard')
      .describe(
        'urgent starts on Fargate on-demand at once, at up to three times the price; standard starts on Spot. Default standard.',
      ),
    deadline: z
      .union([z.number().positive().max(20_160), z.iso.datetime({ offset: true })])
      .optional()
      .describe(
        'When it should be done: minutes from acceptance, such as 90, or a time, such as 2026-05-01T18:00:00Z. A long video that Spot would finish too late goes on on-demand. Absent: whenever its turn comes.',
      ),
    costLimitUsd: z
      .number()
      .positive()
      .max(10_000)
      .optional()
      .describe(
        'The job is stopped and fails once its Fargate time has cost this much, in USD. Absent: no limit.',
      ),
    outputPrefix: z
      .string()
      .min(1)
      .max(700)
      .refine(
        prefix => !prefix.startsWith('/') && !prefix.split('/').includes('..') && !/[\p{Cc}]/u.test(prefix),
        'Use a relative key prefix without "..", a leading slash or control characters.',
      )
      .transform(prefix => prefix.replace(/\/+$/, ''))
      .optional()
      .describe('Key prefix of the outputs in the outbox. Absent: the key of the video.'),
  })
  .describe('A Spotreel manifest: what to make of the video it lies beside.');

export type Manifest = z.infer<typeof manifestSchema>;

/** Name of the S3 object metadata (x-amz-meta-…) that takes the place of a manifest. */
export const PRESET_METADATA = 'preset';

export const MANIFEST_EXTENSION = '.json';

/** Manifests are read whole into memory; no sensible one is larger. */
export const MANIFEST_MAX_BYTES = 64 * 1024;
