import { excerptOf } from './excerpt';
import type { AudioSettings, PresetOutput } from './preset';
import type { Probe } from './probe';
import type { Failure } from './report';
import { selectTrack } from './sound-track';

/** Why these outputs can't be made of this source; undefined when they can. */
export function missingStream(outputs: readonly PresetOutput[], probe: Probe): Failure | undefined {
  if (probe.video === undefined && probe.audio === undefined) {
    return sourceFailure('SOURCE_UNREADABLE', {
      message: `The file has neither picture nor sound that can be decoded; found: ${probe.found}.`,
      fix: 'Export it again as MP4 (H.264, AAC) and upload that.',
    });
  }
  const needsVideo = outputs.find(output => output.kind !== 'audio' && output.kind !== 'captions');
  if (probe.video === undefined && needsVideo !== undefined) {
    return sourceFailure('SOURCE_HAS_NO_VIDEO', {
      message: `Output "${needsVideo.name}" needs a picture, and the file has none; found: ${probe.found}.`,
      fix: 'Use a preset that makes sound only, such as audio-m4a.',
    });
  }
  const needsAudio = outputs.find(output => output.kind === 'audio');
  if (probe.audio === undefined && needsAudio !== undefined) {
    return sourceFailure('SOURCE_HAS_NO_AUDIO', {
      message: `Output "${needsAudio.name}" needs sound, and the file has none; found: ${probe.found}.`,
      fix: 'Use a preset that makes a video without sound or a still, such as web-720p or poster.',
    });
  }
  for (const output of outputs) {
    const failure = missingTrack(output, probe) ?? emptyExcerpt(output, probe);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

function missingTrack(output: PresetOutput, probe: Probe): Failure | undefined {
  const missing = wantedTracks(output).find(track => selectTrack(probe, track) === undefined);
  if (missing === undefined || probe.audio === undefined) return undefined;
  const wanted =
    'number' in missing ? `track ${missing.number}` : `a track in language "${missing.language}"`;
  const found = probe.audioTracks.map(({ language }, index) => `${index + 1} (${language ?? 'no language'})`);
  return sourceFailure('SOURCE_HAS_NO_TRACK', {
    message: `Output "${output.name}" needs ${wanted} of the sound; found: ${found.join(', ')}.`,
    fix: `Change audio.${output.kind === 'adaptive' ? 'tracks' : 'track'} in the preset to one of these, or remove it.`,
  });
}

function wantedTracks(output: PresetOutput): NonNullable<AudioSettings['track']>[] {
  if (output.kind === 'adaptive') {
    const tracks = output.audio?.tracks ?? 'all';
    return tracks === 'all' ? [] : tracks;
  }
  const track = 'audio' in output ? output.audio?.track : undefined;
  return track === undefined ? [] : [track];
}

function emptyExcerpt(output: PresetOutput, { durationSeconds }: Probe): Failure | undefined {
  const { startSeconds } = excerptOf(output);
  if (durationSeconds === undefined || startSeconds < durationSeconds) return undefined;
  return sourceFailure('TRIM_BEYOND_END', {
    message: `Output "${output.name}" begins at ${startSeconds} s, but the file lasts ${durationSeconds.toFixed(1)} s.`,
    fix: 'Lower trim.startSeconds in the preset, or upload the whole video.',
  });
}

/** A failure that only the one who uploaded the file can mend. */
export function sourceFailure(code: string, text: Pick<Failure, 'message' | 'fix'>): Failure {
  return { code, ...text, retryable: false, blame: 'source' };
}

/** What helps with most files that are no good. */
export const RE_EXPORT = 'Export it again as MP4 (H.264, AAC) and upload that.';

/** A file that ends too early. @param part what it ends in the middle of */
export function cutOffWithin(part: string): Failure {
  return sourceFailure('SOURCE_TRUNCATED', {
    message: `The file is cut off: it ends in the middle of a ${part}.`,
    fix: 'The upload or recording was cut off: upload the whole file again. To use what there is of a recording, save it anew, for example with "ffmpeg -i FILE -c copy NEW.mkv".',
  });
}

export const DAMAGED_SOURCE = sourceFailure('SOURCE_DAMAGED', {
  message: 'More than a tenth of the file can not be decoded.',
  fix: `It is damaged or encrypted: check that it plays from beginning to end. ${RE_EXPORT}`,
});

/** Why the source could not be read to its end. */
export interface ReadFailure {
  /** Another object lies there, or it is gone; its URL is refused; or S3 could not be reached for too long. */
  readonly kind: 'changed' | 'refused' | 'unreachable';
  readonly detail: string;
}

/** What it means for an order that its source could not be read. */
export function classifyRead({ kind, detail }: ReadFailure): Failure {
  if (kind === 'changed') {
    return sourceFailure('SOURCE_CHANGED', {
      message: `The uploaded file was replaced or deleted while it was worked on (${detail}).`,
      fix: 'Upload the video and its manifest again.',
    });
  }
  return {
    code: 'SOURCE_READ_FAILED',
    message:
      kind === 'refused'
        ? `The signed URL of the source was refused (${detail}).`
        : `The source could not be read (${detail}).`,
    fix: 'It is tried again by itself. If it fails each time, see the worker log of the job.',
    retryable: true,
    blame: 'service',
  };
}
