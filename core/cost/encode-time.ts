import type { Probe } from '../probe';
import { lastingSeconds } from '../probe';
import type { Rendition } from '../rendition';
import type { TaskSize } from '../task-size';
import type { Range } from './range';
import { add, exactly, mapRange, scale } from './range';
import { ENCODE_TIMES, encodingTime, megapixels } from './encode-times';
import { qualitySeconds } from './quality-time';
import { MINIMUM_BILLED_SECONDS } from './task';

/** Share of its vCPUs that an encode keeps busy. */
const BUSY_SHARE: Range = { least: 1, likely: 0.85, most: 0.6 };
/** Pulling the image, starting, and waiting for another order at the end. An assumption. */
const AROUND_SECONDS: Range = { least: 20, likely: 40, most: 90 };

/** Seconds that a task encodes; undefined when the source does not say how long it lasts. */
export function encodeSeconds(
  renditions: readonly Rendition[],
  { probe, task }: { probe: Probe; task: TaskSize },
): Range | undefined {
  const seconds = lastingSeconds(probe);
  if (seconds === undefined) return undefined;
  const pixels = probe.video === undefined ? 0 : megapixels(probe.video) * probe.video.frameRate * seconds;
  const decodes = renditions.some(goesThroughSource);
  const cpu = renditions
    .map(rendition => renditionCpuSeconds(rendition, probe, pixels))
    .reduce(add, decodes ? scale(ENCODE_TIMES.decode, pixels) : exactly(0));
  const all = add(cpu, qualitySeconds(renditions, probe, seconds));
  return {
    least: all.least / (task.vcpu * BUSY_SHARE.least),
    likely: all.likely / (task.vcpu * BUSY_SHARE.likely),
    most: all.most / (task.vcpu * BUSY_SHARE.most),
  };
}

/** Seconds that AWS bills for a task that encodes so long: with what comes before and after it. */
export function billedTaskSeconds(encoding: Range): Range {
  return mapRange(add(encoding, AROUND_SECONDS), seconds => Math.max(MINIMUM_BILLED_SECONDS, seconds));
}

function renditionCpuSeconds(rendition: Rendition, { video }: Probe, sourcePixels: number): Range {
  const { output, picture, pictures = 1, framesPerSecond = 0, durationSeconds = 0, hasSound } = rendition;
  if (output.kind === 'still') return ENCODE_TIMES.still;
  const sound = hasSound ? scale(ENCODE_TIMES.sound, durationSeconds) : exactly(0);
  if (output.kind === 'audio' || picture === undefined || video === undefined) return sound;
  const pixels = megapixels(picture) * framesPerSecond * durationSeconds;
  // A clip is sought, as a still is; what goes through the whole source is scaled from each of its frames.
  if (output.kind === 'clip') return add(ENCODE_TIMES.still, scale(ENCODE_TIMES.encode.veryfast, pixels));
  const encoding =
    output.kind === 'video'
      ? scale(encodingTime(output.video), pixels)
      : scale(ENCODE_TIMES.encode.ultrafast, megapixels(picture) * pictures);
  const isScaled = output.kind === 'video' && megapixels(picture) < megapixels(video);
  const all = add(sound, encoding);
  return isScaled ? add(all, scale(ENCODE_TIMES.scale, sourcePixels)) : all;
}

/** Whether every frame of the source is decoded for it. */
function goesThroughSource({ output: { kind } }: Rendition): boolean {
  return kind === 'video' || kind === 'thumbnails' || kind === 'storyboard';
}
