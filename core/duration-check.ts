import { excerptOf } from './excerpt';
import { isLengthGuessed } from './guessed-length';
import { expectedDurationSeconds } from './expected-duration';
import type { PresetOutput } from './preset';
import type { Probe } from './probe';
import { toSourceFacts } from './source-facts';
import { sourceFailure } from './source-failure';
import type { Failure } from './report';
import { soundRenditions } from './sound-rendition';
import { isTiled } from './tile-plan';
import { durationToleranceSeconds } from './verify';

type StreamKind = 'video' | 'audio';

/** One finished output as it was measured. */
export interface MeasuredOutput {
  readonly output: PresetOutput;
  readonly probe: Probe;
}

/** Where the streams of the source really end: the last time stamp that can be read or decoded, in seconds. */
export interface SourceTail {
  readonly video: number | undefined;
  readonly audio: number | undefined;
  /** Where the last picture that can be decoded begins; undefined when none was found, or decoded. */
  readonly lastPicture?: number | undefined;
}

export type DurationCheck =
  /** The probe of the source, its durations corrected where the file had them wrong. */
  | { readonly kind: 'right'; readonly source: Probe }
  /**
   * Less came out than the file announces: look where it really ends, then check again.
   * What should have come out has to be decoded: packets of nothing but zeros have time stamps too.
   */
  | { readonly kind: 'lookAtTail'; readonly fromSeconds: number; readonly decode: boolean }
  | { readonly kind: 'truncated'; readonly failure: Failure };

/** Seconds before the announced end from which the tail is read: frames lie at most this far apart. */
const TAIL_SECONDS = 10;

/**
 * Whether the outputs last as long as the source. Half a file encodes without any error, so only this tells.
 * What a file announces is not always true: a last frame may be held for seconds, a stream end before the others.
 * @param tail what was found after `lookAtTail` was the answer
 */
export function checkDurations(
  source: Probe,
  outputs: readonly MeasuredOutput[],
  tail?: SourceTail,
): DurationCheck {
  const measured = {
    video: reached(source, outputs, 'video'),
    audio: reached(source, outputs, 'audio'),
  };
  const isWrong = (kind: StreamKind): boolean =>
    isShort(announcedEnd(source, kind), measured[kind]) || isMissing(source, outputs, kind);
  const short = (['video', 'audio'] as const).filter(
    kind => isWrong(kind) || (measured[kind] === undefined && isInDoubt(source, outputs, kind)),
  );
  if (short.length > 0 && tail === undefined) {
    const announced = Math.max(...short.map(kind => announcedEnd(source, kind) ?? 0));
    const fromSeconds = Math.max(0, announced - TAIL_SECONDS);
    return { kind: 'lookAtTail', fromSeconds, decode: short.some(isWrong) };
  }
  const missing = short.find(
    kind => !reachesEnd(source, kind, tail) || leavesOut(tail, kind, measured[kind]),
  );
  if (missing !== undefined) {
    return {
      kind: 'truncated',
      failure: truncated(announcedEnd(source, missing) ?? 0, measured[missing] ?? tail?.[missing] ?? 0),
    };
  }
  return { kind: 'right', source: corrected(source, measured) };
}

/** The source with the ends of its streams as they were found; what it announces must be there. */
export function withTail(
  source: Probe,
  tail: SourceTail,
): Exclude<DurationCheck, { readonly kind: 'lookAtTail' }> {
  const kinds = (['video', 'audio'] as const).filter(kind => source[kind] !== undefined);
  const missing = kinds.find(kind => !reachesEnd(source, kind, tail));
  if (missing !== undefined) {
    const failure = truncated(announcedEnd(source, missing) ?? 0, tail[missing] ?? 0);
    return { kind: 'truncated', failure };
  }
  return { kind: 'right', source: corrected(source, { video: pictureEnd(source, tail), audio: tail.audio }) };
}

/** What has to be read of a source to know where each of its streams ends. */
export function tailOf(source: Probe): { fromSeconds: number; decode: boolean } {
  const ends = (['video', 'audio'] as const).flatMap(kind =>
    source[kind] === undefined ? [] : [announcedEnd(source, kind) ?? 0],
  );
  const least = Math.min(...ends);
  // Packets tell enough where nothing is announced, and decoding all of it would take long.
  return { fromSeconds: Math.max(0, least - TAIL_SECONDS), decode: least > 0 };
}

/** The last picture is shown for the time of one frame where the file does not say how long. */
function pictureEnd({ video }: Probe, tail: SourceTail): number | undefined {
  const { lastPicture, video: end } = tail;
  return end !== undefined && end === lastPicture && video !== undefined ? end + 1 / video.frameRate : end;
}

function announcedEnd(source: Probe, kind: StreamKind): number | undefined {
  return isLengthGuessed(source) ? undefined : (source[kind]?.endSeconds ?? source.durationSeconds);
}

function isShort(announced: number | undefined, measured: number | undefined): boolean {
  if (announced === undefined || measured === undefined) return false;
  return measured < announced - durationToleranceSeconds(announced);
}

/** A stream of which the length is not announced may end early, as long as another fills the file's. */
function reachesEnd(source: Probe, kind: StreamKind, tail: SourceTail | undefined): boolean {
  const announced = announcedEnd(source, kind);
  if (announced === undefined || tail === undefined) return true;
  const last =
    source[kind]?.endSeconds === undefined ? Math.max(tail.video ?? 0, tail.audio ?? 0) : tail[kind];
  return last !== undefined && !isShort(announced, last);
}

/** Whether the source goes on after what came out of it; a last picture that is held may be shorter than it was. */
function leavesOut(tail: SourceTail | undefined, kind: StreamKind, measured: number | undefined): boolean {
  return measured !== undefined && isShort(kind === 'video' ? tail?.lastPicture : tail?.audio, measured);
}

/** Whether an output lacks a stream that the source has where it begins. */
function isMissing(source: Probe, outputs: readonly MeasuredOutput[], kind: StreamKind): boolean {
  return outputs.some(({ output, probe }) => {
    if (probe[kind] !== undefined || source[kind] === undefined) return false;
    if (excerptOf(output).startSeconds >= (announcedEnd(source, kind) ?? Infinity)) return false;
    if (kind === 'video') return output.kind === 'video';
    return (output.kind === 'video' || output.kind === 'audio') && output.audio !== undefined;
  });
}

/** Second of the source up to which a stream was decoded; an output that ends early on purpose does not tell. */
function reached(source: Probe, outputs: readonly MeasuredOutput[], kind: StreamKind): number | undefined {
  const ends = outputs
    .filter(({ output }) => tellsEnd(source, output, kind))
    .map(({ output, probe }) => {
      const end = probe[kind]?.endSeconds;
      return end === undefined ? undefined : excerptOf(output).startSeconds + end;
    })
    .filter(end => end !== undefined);
  return ends.length === 0 ? undefined : Math.max(...ends);
}

function tellsEnd(source: Probe, output: PresetOutput, kind: StreamKind): boolean {
  if (output.kind !== 'video' && output.kind !== 'audio' && output.kind !== 'adaptive') return false;
  if (kind === 'audio' && soundRenditions(output, source)[0]?.track.index !== source.audio?.index)
    return false;
  const { endSeconds } = excerptOf(output);
  const announced = announcedEnd(source, kind);
  return endSeconds === undefined || (announced !== undefined && endSeconds >= announced);
}

/**
 * Whether a stream may be cut off although no output goes to its end:
 * pictures and animations do not tell where they stopped coming, and part of the source may have come out too short.
 */
function isInDoubt(source: Probe, outputs: readonly MeasuredOutput[], kind: StreamKind): boolean {
  return outputs.some(({ output, probe }) => {
    if (isTiled(output) || (output.kind === 'clip' && output.format !== 'mp4')) return kind === 'video';
    return isShort(expectedDurationSeconds(toSourceFacts(source), output), probe[kind]?.endSeconds);
  });
}

/** The source with the ends that were found by decoding it. */
function corrected(source: Probe, measured: { video: number | undefined; audio: number | undefined }): Probe {
  const { video, audio } = source;
  const ends = [measured.video, measured.audio].filter(end => end !== undefined);
  return {
    ...source,
    durationSeconds:
      ends.length > 0 && (source.durationSeconds === undefined || isLengthGuessed(source))
        ? Math.max(...ends)
        : source.durationSeconds,
    video: video === undefined ? undefined : { ...video, endSeconds: measured.video ?? video.endSeconds },
    audio: audio === undefined ? undefined : { ...audio, endSeconds: measured.audio ?? audio.endSeconds },
  };
}

function truncated(announcedSeconds: number, decodedSeconds: number): Failure {
  return sourceFailure('SOURCE_TRUNCATED', {
    message: `The file announces ${announcedSeconds.toFixed(1)} s, but only ${decodedSeconds.toFixed(1)} s of it can be decoded.`,
    fix: 'The upload or recording was cut off: check that it plays to its end, then upload the whole file again.',
  });
}
