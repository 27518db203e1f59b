import { isLengthGuessed } from './guessed-length';
import type { PresetOutput } from './preset';
import type { AudioStream, Probe } from './probe';
import { lastingSeconds } from './probe';
import type { Failure } from './report';
import { sourceFailure } from './source-failure';
import { soundRenditions } from './sound-rendition';

/** Longest source, in hours: a time stamp that is off by years would otherwise be encoded for as long. */
const MOST_HOURS = 24;
/** Longest side of a picture that the encoders take, in pixels. */
const LONGEST_SIDE = 16_384;
/** With more, nobody knows which is to be heard where. */
const MOST_CHANNELS = 8;
const LOWEST_SAMPLE_RATE_HZ = 1000;
const HIGHEST_SAMPLE_RATE_HZ = 768_000;

/** Why a source that can be read is not worked on all the same; undefined when it is. */
export function beyondLimits(outputs: readonly PresetOutput[], probe: Probe): Failure | undefined {
  const seconds = isLengthGuessed(probe) ? 0 : (lastingSeconds(probe) ?? 0);
  if (seconds > MOST_HOURS * 3600) {
    return sourceFailure('SOURCE_TOO_LONG', {
      message: `The file announces that it lasts ${(seconds / 3600).toFixed(1)} hours; at most ${MOST_HOURS} are accepted.`,
      fix: 'If it does not really last that long, its time stamps are wrong: export it again. Else upload it in parts.',
    });
  }
  const { video } = probe;
  if (
    video !== undefined &&
    outputs.some(({ kind }) => kind !== 'audio') &&
    Math.max(video.width, video.height) > LONGEST_SIDE
  ) {
    return tooLargePicture(
      `${video.width}x${video.height} pixels; no side may have more than ${LONGEST_SIDE}`,
    );
  }
  for (const output of outputs) {
    const tracks = soundRenditions(output, probe).map(({ track }) => track);
    const track = tracks.find(other => !isHeard(other));
    if (track === undefined) continue;
    return sourceFailure('SOURCE_SOUND_NOT_ACCEPTED', {
      message: `Output "${output.name}" needs sound that has ${track.channels} channels at ${track.sampleRateHz} Hz; accepted are up to ${MOST_CHANNELS} channels at ${LOWEST_SAMPLE_RATE_HZ} to ${HIGHEST_SAMPLE_RATE_HZ} Hz.`,
      fix: 'Export it with stereo or 5.1 sound at 48000 Hz and upload that.',
    });
  }
  return undefined;
}

/** @param has what it has too much of */
export function tooLargePicture(has: string): Failure {
  return sourceFailure('SOURCE_PICTURE_TOO_LARGE', {
    message: `The picture has ${has}.`,
    fix: 'Export it with at most 8192x4320 pixels and upload that.',
  });
}

function isHeard({ channels, sampleRateHz }: AudioStream): boolean {
  return (
    channels <= MOST_CHANNELS &&
    sampleRateHz >= LOWEST_SAMPLE_RATE_HZ &&
    sampleRateHz <= HIGHEST_SAMPLE_RATE_HZ
  );
}
