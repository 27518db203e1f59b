import { readTags } from '../../core/source-tags';
import type { Probe, VideoStream } from '../../core/probe';

/** A picture of 1080p at 25 frames a second that lasts a minute. */
export const HD_VIDEO: VideoStream = {
  index: 0,
  codec: 'h264',
  width: 1920,
  height: 1080,
  rotationDegrees: 0,
  frameRate: 25,
  declaredFrameRate: 25,
  timeBase: '1/12800',
  endSeconds: 60,
  interlaced: false,
  matrix: 'bt709',
  primaries: 'bt709',
  transfer: 'bt709',
};

/** A source of 1080p at 25 frames a second with sound. */
export function hdProbe(durationSeconds: number, changes: Partial<VideoStream> = {}): Probe {
  return {
    format: 'mov',
    durationSeconds,
    startSeconds: 0,
    video: {
      ...HD_VIDEO,
      timeBase: '1/90000',
      endSeconds: durationSeconds,
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
