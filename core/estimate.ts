import { billedTaskSeconds, encodeSeconds } from './cost/encode-time';
import type { Range } from './cost/range';
import { mapRange } from './cost/range';
import { taskCostUsd } from './cost/receipt';
import type { AudioSettings, VideoSettings } from './preset';
import type { Probe } from './probe';
import type { Rendition } from './rendition';
import type { TaskSize } from './task-size';

export type { Range };

export interface Estimate {
  /** Bytes of each output, by file name. */
  readonly bytes: ReadonlyMap<string, Range>;
  /** Seconds that the task encodes. */
  readonly encodeSeconds: Range;
  /** USD of the task on Fargate Spot, with its start and the one minute that is billed at least. */
  readonly spotUsd: Range;
}

/** Bits for each pixel at crf 23: a talking head needs a fraction of what a crowd in the rain does. */
const BITS_PER_PIXEL = 0.06;
const SIZE_SPREAD = 2.5;
const MEDIUM_CRF = 23;
/** Steps of crf that halve the bit rate. */
const CRF_STEPS = 6;
/** Bytes over those of H.264 at the same crf, which the encoders are given shifted to the same quality. */
const SHARE_OF_H264 = { h264: 1, hevc: 0.65, av1: 0.55, vp9: 0.65 } as const;
/** Bits for each pixel of a mezzanine, whatever the scene; the high profiles take half as many again. */
const MEZZANINE_BITS_PER_PIXEL = 2.35;
const MEZZANINE_SPREAD = 1.5;
/** Bits for each pixel of a picture, at quality 85. */
const IMAGE_BITS_PER_PIXEL = { jpeg: 1.5, png: 12, webp: 1 } as const;
/** Bits for each pixel of a moving preview. */
const CLIP_BITS_PER_PIXEL = { mp4: 0.06, webp: 0.4, gif: 3 } as const;
/** Bytes of WebVTT for each minute in which people talk. */
const CAPTION_BYTES_PER_MINUTE = 1500;
/** Two channels of 16 bit at 48 kHz. */
const LOSSLESS_KBPS = 1536;

/** What it will take to make the renditions of a source; undefined when the source does not say how long it lasts. */
export function estimate(
  renditions: readonly Rendition[],
  { probe, task }: { probe: Probe; task: TaskSize },
): Estimate | undefined {
  const encode = encodeSeconds(renditions, { probe, task });
  if (encode === undefined) return undefined;
  return {
    bytes: new Map(renditions.map(rendition => [rendition.fileName, bytesOf(rendition)])),
    encodeSeconds: encode,
    spotUsd: mapRange(billedTaskSeconds(encode), seconds =>
      taskCostUsd(
        { size: task, seconds, capacityProvider: 'FARGATE_SPOT' },
        { region: 'us-east-1', architecture: 'x86_64' },
      ),
    ),
  };
}

function bytesOf(rendition: Rendition): Range {
  const { output, picture, pictures = 1, framesPerSecond = 0, durationSeconds = 0 } = rendition;
  const pixels = picture === undefined ? 0 : picture.width * picture.height;
  switch (output.kind) {
    case 'captions':
      return spread((durationSeconds * CAPTION_BYTES_PER_MINUTE) / 60, SIZE_SPREAD);
    case 'audio':
      return spread(soundBytes(output.audio, durationSeconds), 1.1);
    case 'still':
    case 'thumbnails':
    case 'storyboard':
      return spread((pixels * pictures * IMAGE_BITS_PER_PIXEL[output.format]) / 8, SIZE_SPREAD);
    case 'clip':
      return spread(
        (pixels * framesPerSecond * durationSeconds * CLIP_BITS_PER_PIXEL[output.format]) / 8,
        SIZE_SPREAD,
      );
    case 'video': {
      const sound =
        rendition.hasSound && output.audio !== undefined ? soundBytes(output.audio, durationSeconds) : 0;
      return mapRange(
        pictureBytes(output.video, pixels * framesPerSecond, durationSeconds),
        bytes => bytes + sound,
      );
    }
  }
}

function pictureBytes(video: VideoSettings, pixelsPerSecond: number, durationSeconds: number): Range {
  const { codec, profile, quality } = video;
  if (codec === 'prores' || codec === 'dnxhr') {
    const bitsPerPixel = MEZZANINE_BITS_PER_PIXEL * (profile === 'high' ? 1.5 : 1);
    return spread((pixelsPerSecond * durationSeconds * bitsPerPixel) / 8, MEZZANINE_SPREAD);
  }
  const { crf, maxBitrateKbps = Number.POSITIVE_INFINITY } = quality;
  const bitsPerPixel = BITS_PER_PIXEL * SHARE_OF_H264[codec] * 2 ** ((MEDIUM_CRF - crf) / CRF_STEPS);
  return mapRange(
    spread((pixelsPerSecond * bitsPerPixel) / 1000, SIZE_SPREAD),
    kbps => (Math.min(kbps, maxBitrateKbps) * 1000 * durationSeconds) / 8,
  );
}

/** Sound without loss goes by its samples; flac halves them or so. */
function soundBytes({ codec, bitrateKbps }: AudioSettings, durationSeconds: number): number {
  const kbps = codec === 'pcm' ? LOSSLESS_KBPS : codec === 'flac' ? LOSSLESS_KBPS / 2 : bitrateKbps;
  return (kbps * 1000 * durationSeconds) / 8;
}

function spread(likely: number, factor: number): Range {
  return { least: likely / factor, likely, most: likely * factor };
}
