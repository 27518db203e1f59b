import { chooseFrameRate } from '../frame-rate';
import { fitPicture } from '../picture-size';
import type { Preset, VideoOutput } from '../preset';
import type { SourceFacts } from '../report';
import type { Range } from './range';
import { add, exactly, scale } from './range';

/**
 * CPU seconds that ffmpeg takes, measured on 24 November 2026 with Debian's ffmpeg 5.1 on two cores of a cloud machine:
 * animation and camera, HEVC and H.264 sources, crf 23, user plus system time, the decoding taken off. The lows are a
 * calm scene, the highs a busy one; other processors shift all of them alike.
 */
export const ENCODE_SPEED_DATE = '2026-11-24';

/** For each megapixel of output, by x264 preset. */
export const ENCODE_CPU_SECONDS_PER_MEGAPIXEL: Readonly<Record<VideoOutput['video']['speed'], Range>> = {
  ultrafast: { low: 0.0027, typical: 0.005, high: 0.008 },
  superfast: { low: 0.005, typical: 0.01, high: 0.0125 },
  veryfast: { low: 0.007, typical: 0.014, high: 0.02 },
  faster: { low: 0.0105, typical: 0.02, high: 0.027 },
  fast: { low: 0.0115, typical: 0.023, high: 0.031 },
  medium: { low: 0.012, typical: 0.025, high: 0.033 },
  slow: { low: 0.0155, typical: 0.031, high: 0.041 },
  slower: { low: 0.026, typical: 0.058, high: 0.067 },
};

/** For each megapixel of source. */
export const DECODE_CPU_SECONDS_PER_MEGAPIXEL: Range = { low: 0.0015, typical: 0.0022, high: 0.004 };
/** For each megapixel of source and each output that is smaller than it. */
export const SCALE_CPU_SECONDS_PER_MEGAPIXEL: Range = { low: 0.001, typical: 0.0012, high: 0.002 };
/** For each second of sound: AAC. */
export const SOUND_CPU_SECONDS_PER_SECOND: Range = { low: 0.02, typical: 0.038, high: 0.05 };
/** For each still: a seek and one frame. */
export const STILL_CPU_SECONDS: Range = { low: 0.3, typical: 0.6, high: 3 };

const MEGAPIXEL = 1e6;

/** What of a source decides how long its encode takes. */
export interface SourceShape {
  readonly durationSeconds: number;
  readonly sizeBytes: number;
  /** As shown. Absent: a source without picture. */
  readonly video?: Pick<NonNullable<SourceFacts['video']>, 'width' | 'height' | 'frameRate'>;
  readonly hasSound: boolean;
}

/** CPU seconds of ffmpeg for all outputs of a preset, decoding once. */
export function encodeCpuSeconds(source: SourceShape, { outputs }: Pick<Preset, 'outputs'>): Range {
  const parts = outputs.map(output => {
    if (output.kind === 'still') return STILL_CPU_SECONDS;
    const sound =
      output.audio === undefined || !source.hasSound
        ? exactly(0)
        : scale(SOUND_CPU_SECONDS_PER_SECOND, source.durationSeconds);
    return output.kind === 'audio' ? sound : add(sound, pictureCpuSeconds(source, output));
  });
  const decodes = outputs.some(({ kind }) => kind === 'video');
  const decoding = decodes ? scale(DECODE_CPU_SECONDS_PER_MEGAPIXEL, sourceMegapixels(source)) : exactly(0);
  return parts.reduce(add, decoding);
}

function pictureCpuSeconds(source: SourceShape, output: VideoOutput): Range {
  if (source.video === undefined) return exactly(0);
  const { width, height } = fitPicture(source.video, output.video.size);
  const frames = source.durationSeconds * outputFrameRate(source, output);
  const encoding = scale(
    ENCODE_CPU_SECONDS_PER_MEGAPIXEL[output.video.speed],
    (width * height * frames) / MEGAPIXEL,
  );
  const isScaled = width * height < source.video.width * source.video.height;
  return isScaled
    ? add(encoding, scale(SCALE_CPU_SECONDS_PER_MEGAPIXEL, sourceMegapixels(source)))
    : encoding;
}

/** Frames per second of an output. */
export function outputFrameRate({ video }: SourceShape, output: VideoOutput): number {
  if (video === undefined) return 0;
  const { frameRate } = video;
  return chooseFrameRate({ frameRate, declaredFrameRate: frameRate }, output.video.maxFrameRate)
    .framesPerSecond;
}

function sourceMegapixels({ video, durationSeconds }: SourceShape): number {
  return video === undefined
    ? 0
    : (video.width * video.height * video.frameRate * durationSeconds) / MEGAPIXEL;
}
