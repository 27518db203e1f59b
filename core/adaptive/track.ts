import type { InitSegment } from './init-segment';
import type { Fragment } from './media-segment';

/** A segment as it was stored. */
export interface StoredSegment {
  readonly fileName: string;
  readonly sizeBytes: number;
  /** Decoding time of its first sample, in units of the stream's time scale. */
  readonly start: number;
  readonly duration: number;
  readonly samples: number;
  /** Groups of pictures in it. Empty for sound. */
  readonly fragments: readonly Fragment[];
}

/** One stream of an adaptive output as it was found in its segments. */
export interface Track<Init extends InitSegment = InitSegment> {
  /** Folder of its files within the output, such as `720p`. */
  readonly folder: string;
  readonly init: Init;
  readonly segments: readonly StoredSegment[];
}

export type VideoTrack = Track<Extract<InitSegment, { kind: 'video' }>>;
export type AudioTrack = Track<Extract<InitSegment, { kind: 'audio' }>> & {
  /** Language as BCP 47 has it; undefined where the source does not tell. */
  readonly language: string | undefined;
  /** What viewers choose by. */
  readonly label: string;
};

/** Everything of an adaptive output that players are told. */
export interface Presentation {
  /** The largest first. */
  readonly videos: readonly VideoTrack[];
  /** The one that plays at first in front. */
  readonly audios: readonly AudioTrack[];
}

export interface BitRate {
  readonly averageBps: number;
  /** Of the busiest stretch of half a segment's length or more. */
  readonly peakBps: number;
}

export function secondsOf({ init, segments }: Track): number {
  return ticksOf(segments) / init.timescale;
}

export function segmentSeconds(track: Track, segment: StoredSegment): number {
  return segment.duration / track.init.timescale;
}

/** Longest segment in whole seconds, as HLS announces it. */
export function targetSeconds(track: Track): number {
  return Math.max(1, ...track.segments.map(segment => Math.round(segmentSeconds(track, segment))));
}

/** Measured over all of a stream's segments. */
export function bitRate(track: Track): BitRate {
  const pieces = track.segments.map(segment => ({
    seconds: segmentSeconds(track, segment),
    bits: segment.sizeBytes * 8,
  }));
  return rateOf(pieces, targetSeconds(track));
}

/** Of the key frames alone, each for as long as it stands for. */
export function keyFrameBitRate(track: VideoTrack): BitRate {
  const pieces = keyFrames(track).map(({ seconds, bytes }) => ({ seconds, bits: bytes * 8 }));
  return rateOf(pieces, 0);
}

export interface KeyFrame {
  readonly fileName: string;
  readonly offset: number;
  readonly bytes: number;
  /** Until the next one. */
  readonly seconds: number;
}

export function keyFrames({ init, segments }: VideoTrack): KeyFrame[] {
  return segments.flatMap(({ fileName, fragments }) =>
    fragments
      .filter(({ beginsWithKey }) => beginsWithKey)
      .map(({ keyRange, duration }) => ({ fileName, ...keyRange, seconds: duration / init.timescale })),
  );
}

/** A segment may be off by the rounding of its time stamps without being faster than the others. */
const SAME_RATE = 1.01;

/** Frames per second, the most of any segment where it varies. */
export function frameRate(track: VideoTrack): number {
  const samples = track.segments.reduce((sum, segment) => sum + segment.samples, 0);
  const average = samples / secondsOf(track);
  const fastest = Math.max(
    ...track.segments.map(segment => segment.samples / segmentSeconds(track, segment)),
  );
  return fastest > average * SAME_RATE ? fastest : average;
}

interface Piece {
  readonly seconds: number;
  readonly bits: number;
}

function rateOf(pieces: readonly Piece[], wantedSeconds: number): BitRate {
  const seconds = pieces.reduce((sum, piece) => sum + piece.seconds, 0);
  const bits = pieces.reduce((sum, piece) => sum + piece.bits, 0);
  const averageBps = Math.ceil(bits / seconds);
  return {
    averageBps,
    peakBps: Math.max(averageBps, ...pieces.map((_, at) => stretch(pieces, at, wantedSeconds))),
  };
}

/** Bit rate from a piece on, with as many of those after it as make up half the wanted length: a short last one alone does not tell. */
function stretch(pieces: readonly Piece[], from: number, wantedSeconds: number): number {
  let seconds = 0;
  let bits = 0;
  for (const piece of pieces.slice(from)) {
    seconds += piece.seconds;
    bits += piece.bits;
    if (seconds >= wantedSeconds / 2) return Math.ceil(bits / seconds);
  }
  return 0;
}

function ticksOf(segments: readonly StoredSegment[]): number {
  return segments.reduce((sum, { duration }) => sum + duration, 0);
}
