import type { VideoOutput } from '../preset';
import type { Metric } from '../quality/metric';
import type { Range } from './range';
import { multiply } from './range';

type Codec = VideoOutput['video']['codec'];

/**
 * CPU seconds of ffmpeg, user plus system, measured on 24 November 2026 with Debian's ffmpeg 5.1 on two cores of a
 * cloud machine: animation and camera, HEVC and H.264 sources of 480p and 1080p, crf 23, the decoding taken off. The
 * least is a calm scene, the most a busy one; another processor shifts all of them alike.
 */
export const ENCODE_TIMES = {
  measuredOn: '2026-11-24',
  /** For each megapixel of output, by x264 preset. */
  encode: {
    ultrafast: { least: 0.0027, likely: 0.006, most: 0.008 },
    superfast: { least: 0.005, likely: 0.0102, most: 0.0125 },
    veryfast: { least: 0.007, likely: 0.014, most: 0.02 },
    faster: { least: 0.0105, likely: 0.021, most: 0.027 },
    fast: { least: 0.0115, likely: 0.026, most: 0.031 },
    medium: { least: 0.012, likely: 0.028, most: 0.035 },
    slow: { least: 0.0155, likely: 0.036, most: 0.042 },
    slower: { least: 0.026, likely: 0.061, most: 0.067 },
  } satisfies Record<VideoOutput['video']['speed'], Range>,
  /** Times what x264 takes at the same speed. */
  overH264: {
    hevc: { least: 1.9, likely: 2.4, most: 3 },
    av1: { least: 2.4, likely: 3, most: 3.6 },
    vp9: { least: 3.8, likely: 5.5, most: 7.5 },
  } satisfies Partial<Record<Codec, Range>>,
  /** For each megapixel of output, at any speed. */
  mezzanine: {
    prores: { least: 0.05, likely: 0.069, most: 0.09 },
    dnxhr: { least: 0.005, likely: 0.007, most: 0.01 },
  } satisfies Partial<Record<Codec, Range>>,
  /** For each megapixel of source. */
  decode: { least: 0.0015, likely: 0.0022, most: 0.004 },
  /** For each megapixel of source and each output that is smaller than it. */
  scale: { least: 0.001, likely: 0.0012, most: 0.002 },
  /** For each megapixel of two pictures that are compared, both decoded. */
  compare: {
    ssim: { least: 0.0008, likely: 0.0012, most: 0.002 },
    psnr: { least: 0.0006, likely: 0.001, most: 0.002 },
    vmaf: { least: 0.012, likely: 0.016, most: 0.024 },
  } satisfies Record<Metric, Range>,
  /** For each second of sound. */
  sound: { least: 0.02, likely: 0.038, most: 0.05 },
  /** For a still: a start of ffmpeg, and the way from the key frame before it. */
  still: { least: 0.3, likely: 1, most: 3 },
} as const;

/** CPU seconds for each megapixel of output. */
export function encodingTime({ codec, speed }: VideoOutput['video']): Range {
  const h264 = ENCODE_TIMES.encode[speed];
  switch (codec) {
    case 'h264':
      return h264;
    case 'hevc':
    case 'av1':
    case 'vp9':
      return multiply(h264, ENCODE_TIMES.overH264[codec]);
    case 'prores':
    case 'dnxhr':
      return ENCODE_TIMES.mezzanine[codec];
  }
}

const MEGAPIXEL = 1e6;

export function megapixels({ width, height }: { width: number; height: number }): number {
  return (width * height) / MEGAPIXEL;
}
