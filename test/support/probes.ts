import { readTags } from '../../core/source-tags';
import type { Probe, VideoStream } from '../../core/probe';

/** A source of 1080p at 25 frames a second with sound. */
export function hdProbe(durationSeconds: number, changes: Partial<VideoStream> = {}): Probe {
  return {
    format: 'mov',
    durationSeconds,
    startSeconds: 0,
    video: {
      index: 0,
      codec: 'h264',
      width: 1920,
      height: 1080,
      rotationDegrees: 0,
      frameRate: 25,
      declaredFrameRate: 25,
      timeBase: '1/90000',
      endSeconds: durationSeconds,
      interlaced: false,
      matrix: undefined,
      primaries: undefined,
      transfer: undefined,
      ...changes,
    },
    audio: {
      index: 1,
      codec: 'aac',
      channels: 2,
      sampleRateHz: 48_000,
      language: undefined,
      endSeconds: durationSeconds,
    },
    audioTracks: [],
    captionStreams: [],
    tags: readTags({}),
    found: '',
  };
}
