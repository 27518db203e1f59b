import { z } from 'zod';
import { scoreSchema } from './quality/score';
import { chunkSchema } from './chunk';

const isoTime = z.iso.datetime();
const seconds = z.number().min(0);

export const workerSchema = z.strictObject({
  taskArn: z.string(),
});

/** One delivery of one order: the unit of attempts. */
const orderRef = {
  jobId: z.string(),
  orderId: z.string(),
  generation: z.int().min(1),
  /** `<task id>-<n>`, unique for each time that a worker takes up an order. */
  deliveryId: z.string(),
};

const usage = {
  /** Wall-clock seconds since the worker took the order. */
  heldSeconds: seconds,
  /** User plus system CPU seconds of ffmpeg and ffprobe for the order. */
  cpuSeconds: seconds,
  /** Bytes of the source read so far. */
  bytesRead: z.int().min(0),
};

const base = { schema: z.literal('spotreel.report/1'), at: isoTime, worker: workerSchema };

const trackFactsSchema = z.strictObject({
  codec: z.string(),
  channels: z.int(),
  /** Three letters of ISO 639-2, where the file tells. */
  language: z.string().optional(),
  /** Where the sound ends, when that is known. */
  durationSeconds: seconds.optional(),
});

/** Captions in one language. */
export const captionFactsSchema = z.strictObject({
  /** Tag of BCP 47; `und` where it is not known. */
  language: z.string(),
  name: z.string().optional(),
  default: z.literal(true).optional(),
  forced: z.literal(true).optional(),
  hearingImpaired: z.literal(true).optional(),
});

/** What ffprobe found in the source. */
export const sourceFactsSchema = z.strictObject({
  format: z.string(),
  durationSeconds: seconds,
  video: z
    .strictObject({
      codec: z.string(),
      /** As shown: rotation and sample aspect ratio applied. */
      width: z.int(),
      height: z.int(),
      frameRate: z.number(),
      rotationDegrees: z.number(),
      /** Where the picture ends, when that is known; it need not last as long as the file. */
      durationSeconds: seconds.optional(),
    })
    .optional(),
  audio: z
    .strictObject({
      codec: z.string(),
      channels: z.int(),
      sampleRateHz: z.int(),
      /** Where the sound ends, when that is known. */
      durationSeconds: seconds.optional(),
    })
    .optional(),
  /** All sound tracks in the order of the file, when there are several. */
  audioTracks: z.array(trackFactsSchema).optional(),
  /** Files that are shown before and after it, in this order, where there are; the lengths above are those of all together. */
  parts: z
    .array(
      z.strictObject({ fileName: z.string(), place: z.enum(['intro', 'outro']), durationSeconds: seconds }),
    )
    .optional(),
  /** All captions that outputs were made with, from inside of the source and from files beside it. */
  captions: z.array(captionFactsSchema).optional(),
  /** Captions inside of the source that are pictures, which can't be made text of. */
  captionsLeft: z.array(z.strictObject({ codec: z.string(), language: z.string() })).optional(),
});

/** The files of an adaptive output, which are too many to be told one by one. */
export const treeFactsSchema = z.strictObject({
  /** Object that lists them: `fileListSchema`. */
  list: z.strictObject({
    fileName: z.string(),
    key: z.string(),
    sizeBytes: z.int().min(1),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  /** Number of files in the list, and what they have together. */
  files: z.int().min(1),
  sizeBytes: z.int().min(1),
  /** The sizes among which players choose, the largest first. */
  rungs: z.array(
    z.strictObject({
      name: z.string(),
      codecs: z.string(),
      width: z.int(),
      height: z.int(),
      frameRate: z.number(),
      averageBps: z.int(),
      peakBps: z.int(),
      /** Present where the preset asks for a quality. */
      score: scoreSchema.optional(),
    }),
  ),
  /** The sound tracks, the one that plays at first in front. */
  sounds: z.array(
    z.strictObject({
      name: z.string(),
      codecs: z.string(),
      channels: z.int(),
      /** As BCP 47 has it, where the source tells. */
      language: z.string().optional(),
    }),
  ),
  /** The captions among which viewers choose; absent: none. */
  captions: z
    .array(
      captionFactsSchema.extend({
        /** Where their files lie within the output, such as `captions-de`. */
        folder: z.string(),
        /** Of all of them in one file. */
        sizeBytes: z.int().min(1),
      }),
    )
    .min(1)
    .optional(),
});

/** One file of an output; thumbnails and storyboards have several, each with an entry of its own.
 * Of an adaptive output there is one for each file with which players begin. */
export const outputFactsSchema = z.strictObject({
  /** Name of the output in the preset. */
  name: z.string(),
  fileName: z.string(),
  /** Key in the state bucket where the worker stored it. */
  key: z.string(),
  contentType: z.string(),
  sizeBytes: z.int().min(1),
  /** SHA-256 of the whole file, hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** As ffprobe measured it on the finished file; absent for pictures. */
  durationSeconds: seconds.optional(),
  video: z
    .strictObject({ codec: z.string(), width: z.int(), height: z.int(), frameRate: z.number().optional() })
    .optional(),
  audio: z.strictObject({ codec: z.string(), channels: z.int(), sampleRateHz: z.int() }).optional(),
  /** Captions that are tracks of the file, or of which the file is one. */
  captions: z.array(captionFactsSchema).optional(),
  /** Present where the preset asks for a quality. */
  score: scoreSchema.optional(),
  /** A file that only the assembly takes; users never see it. */
  isPart: z.literal(true).optional(),
  /** Frames of picture in it, counted; known of parts. */
  frames: z.int().min(1).optional(),
  /** What belongs to it, of the master playlist of an adaptive output. */
  tree: treeFactsSchema.optional(),
  /** Present when it was uploaded in parts. */
  parts: z.array(z.strictObject({ partNumber: z.int(), etag: z.string() })).optional(),
});

/** Why an order failed. `code` is stable; `message` and `fix` are for people. */
export const failureSchema = z.strictObject({
  code: z.string().regex(/^[A-Z][A-Z0-9_]+$/),
  message: z.string(),
  fix: z.string(),
  /** Whether another attempt could end otherwise. A corrupt input is never retried. */
  retryable: z.boolean(),
  /** Whose the fault is: the uploaded file or preset (the user can mend it), a limit that was set, or ours. */
  blame: z.enum(['source', 'preset', 'limit', 'service']),
  process: z
    .strictObject({
      command: z.enum(['ffmpeg', 'ffprobe']),
      exitCode: z.int().nullable(),
      signal: z.string().nullable(),
      timedOut: z.boolean(),
      durationMs: z.int(),
      /** Last lines of stderr, URLs and paths removed. */
      stderrTail: z.string(),
    })
    .optional(),
});

export const reportSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...base, kind: z.literal('started'), ...orderRef }),
  z.strictObject({
    ...base,
    kind: z.literal('progress'),
    ...orderRef,
    ...usage,
    percent: z.number().min(0).max(100),
    /** Media seconds encoded per wall-clock second. */
    speed: z.number().min(0),
    /** Told once, of a source that is encoded whole. */
    source: sourceFactsSchema.optional(),
  }),
  /** The URLs will expire before the order is finished: fresh ones are wanted in the ticket. */
  z.strictObject({ ...base, kind: z.literal('renew'), ...orderRef, ...usage }),
  z.strictObject({
    ...base,
    kind: z.literal('finished'),
    ...orderRef,
    ...usage,
    source: sourceFactsSchema,
    /** None where nothing is left beside the chunks: a preset of videos only, and a source without sound. */
    outputs: z.array(outputFactsSchema),
    /** Why a source that is long enough to be cut was encoded whole nevertheless. */
    wholeBecause: z.string().optional(),
  }),
  /** The source is long: this is how it is cut. The order is over; others encode the chunks. */
  z.strictObject({
    ...base,
    kind: z.literal('planned'),
    ...orderRef,
    ...usage,
    source: sourceFactsSchema,
    chunks: z.array(chunkSchema).min(2),
    /** Names of the files that each chunk makes: one for every rendition of the picture. */
    chunkFiles: z.array(z.string()).min(1),
  }),
  z.strictObject({
    ...base,
    kind: z.literal('failed'),
    ...orderRef,
    ...usage,
    failure: failureSchema,
    source: sourceFactsSchema.optional(),
  }),
  /** Stopped by SIGTERM before it was finished; the message is visible in the queue again. */
  z.strictObject({ ...base, kind: z.literal('returned'), ...orderRef, ...usage }),
  /** Its URLs were too old to begin with; the message was deleted. */
  z.strictObject({ ...base, kind: z.literal('expired'), ...orderRef }),
  /** The queue gave nothing for the linger time; the worker takes no order any more and exits. */
  z.strictObject({ ...base, kind: z.literal('idle'), ordersDone: z.int().min(0) }),
]);

export type Report = z.infer<typeof reportSchema>;
export type OrderReport = Exclude<Report, { kind: 'idle' }>;
export type SourceFacts = z.infer<typeof sourceFactsSchema>;
export type CaptionFacts = z.infer<typeof captionFactsSchema>;
export type TrackFacts = z.infer<typeof trackFactsSchema>;
export type TreeFacts = z.infer<typeof treeFactsSchema>;
export type OutputFacts = z.infer<typeof outputFactsSchema>;
export type Failure = z.infer<typeof failureSchema>;
