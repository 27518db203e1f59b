import type { VideoOutput } from './preset';
import { MINIMUM_BILLED_SECONDS, taskCostUsd } from './price';
import type { Probe } from './probe';
import { lastingSeconds } from './probe';
import type { Rendition } from './rendition';
import type { TaskSize } from './task-size';

/** A guess with its bounds: most videos lie between them, not all. */
export interface Range {
  readonly least: number;
  readonly likely: number;
  readonly most: number;
}

export interface Estimate {
  /** Bytes of each output, by file name. */
  readonly bytes: ReadonlyMap<string, Range>;
  /** Seconds that the task encodes. */
  readonly encodeSeconds: Range;
  /** USD of the task on Fargate Spot, with its start and the one minute that is billed at least. */
  readonly spotUsd: Range;
}

/** Measured on real 1080p footage with Debian's ffmpeg 5.1: CPU seconds for a million pixels. */
const DECODE_CPU_SECONDS = 0.003;
const ENCODE_CPU_SECONDS = 0.015;
/** CPU seconds of sound, for each second of it. */
const SOUND_CPU_SECONDS = 0.01;
/** CPU seconds of a still: a start of ffmpeg, and the way from the key frame before it. */
const STILL_CPU_SECONDS = 1;
/** CPU time of each speed against veryfast, at the same crf. */
const SPEED_FACTOR: Readonly<Record<VideoOutput['video']['speed'], number>> = {
  ultrafast: 0.5,
  superfast: 0.6,
  veryfast: 1,
  faster: 1.7,
  fast: 2.1,
  medium: 2.4,
  slow: 3.6,
  slower: 5,
};
/** An encoder does not keep all cores busy all the time. */
const CORES_IN_USE = 0.85;
/** Content, and the processor that Fargate happens to give, make this much either way. */
const TIME_SPREAD = 2;
/** From the beginning of the image's pull to the encode, and from its end to the task's. */
const AROUND_SECONDS = 30;

/** Bits for each pixel at crf 23: a talking head needs a fraction of what a crowd in the rain does. */
const BITS_PER_PIXEL = 0.06;
const SIZE_SPREAD = 2.5;
const MEDIUM_CRF = 23;
/** Steps of crf that halve the bit rate. */
const CRF_STEPS = 6;
/** Bits for each pixel of a JPEG of quality 85. */
const JPEG_BITS_PER_PIXEL = 1.5;

/** What it will take to make the renditions of a source; undefined when the source does not say how long it lasts. */
export function estimate(
  renditions: readonly Rendition[],
  { probe, task }: { probe: Probe; task: TaskSize },
): Estimate | undefined {
  const seconds = lastingSeconds(probe);
  if (seconds === undefined) return undefined;
  const cpuSeconds = decodeSeconds(renditions, probe, seconds) + sum(renditions.map(encodeSeconds));
  const likely = cpuSeconds / (task.vcpu * CORES_IN_USE);
  const encode = spread(likely, TIME_SPREAD);
  return {
    bytes: new Map(renditions.map(rendition => [rendition.fileName, bytesOf(rendition)])),
    encodeSeconds: encode,
    spotUsd: eachOf(encode, wallSeconds => {
      const billed = Math.max(MINIMUM_BILLED_SECONDS, wallSeconds + AROUND_SECONDS);
      return taskCostUsd({ ...task, seconds: billed, capacityProvider: 'FARGATE_SPOT' });
    }),
  };
}

function decodeSeconds(renditions: readonly Rendition[], { video }: Probe, seconds: number): number {
  if (video === undefined || !renditions.some(({ framesPerSecond }) => framesPerSecond !== undefined))
    return 0;
  return megapixels(video) * video.frameRate * seconds * DECODE_CPU_SECONDS;
}

function encodeSeconds(rendition: Rendition): number {
  const { output, picture, framesPerSecond = 0, durationSeconds = 0, hasSound } = rendition;
  if (output.kind === 'still') return STILL_CPU_SECONDS;
  const sound = hasSound ? durationSeconds * SOUND_CPU_SECONDS : 0;
  if (output.kind === 'audio' || picture === undefined) return sound;
  const pixels = megapixels(picture) * framesPerSecond * durationSeconds;
  return sound + pixels * ENCODE_CPU_SECONDS * SPEED_FACTOR[output.video.speed];
}

function bytesOf(rendition: Rendition): Range {
  const { output, picture, framesPerSecond = 0, durationSeconds = 0, hasSound } = rendition;
  const pixels = picture === undefined ? 0 : picture.width * picture.height;
  if (output.kind === 'still') return spread((pixels * JPEG_BITS_PER_PIXEL) / 8, SIZE_SPREAD);
  const soundBytes = hasSound ? ((output.audio?.bitrateKbps ?? 0) * 1000 * durationSeconds) / 8 : 0;
  if (output.kind === 'audio') return spread(soundBytes, 1.1);
  const { crf, maxBitrateKbps = Number.POSITIVE_INFINITY } = output.video.quality;
  const likely = (pixels * framesPerSecond * BITS_PER_PIXEL * 2 ** ((MEDIUM_CRF - crf) / CRF_STEPS)) / 1000;
  return eachOf(
    spread(likely, SIZE_SPREAD),
    kbps => (Math.min(kbps, maxBitrateKbps) * 1000 * durationSeconds) / 8 + soundBytes,
  );
}

function megapixels({ width, height }: { width: number; height: number }): number {
  return (width * height) / 1e6;
}

function spread(likely: number, factor: number): Range {
  return { least: likely / factor, likely, most: likely * factor };
}

function eachOf({ least, likely, most }: Range, change: (value: number) => number): Range {
  return { least: change(least), likely: change(likely), most: change(most) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
