import type { Probe } from './probe';

/** What an animated WebP says of itself; ffprobe before version 8 reads stills only. */
export interface WebpAnimation {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly durationSeconds: number;
}

/**
 * Reads the chunks of an animated WebP.
 * @returns undefined when it is none, or broken off
 */
export function readWebpAnimation(file: Buffer): WebpAnimation | undefined {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WEBP') return undefined;
  // The file ends where it says: RIFF's size leaves out its own header.
  if (file.readUInt32LE(4) + 8 !== file.length) return undefined;
  let canvas: { width: number; height: number } | undefined;
  let frames = 0;
  let milliseconds = 0;
  for (let at = 12; at + 8 <= file.length;) {
    const type = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    const data = at + 8;
    if (data + size > file.length) return undefined;
    if (type === 'VP8X' && size >= 10) {
      canvas = { width: file.readUIntLE(data + 4, 3) + 1, height: file.readUIntLE(data + 7, 3) + 1 };
    } else if (type === 'ANMF' && size >= 16) {
      frames += 1;
      milliseconds += file.readUIntLE(data + 12, 3);
    }
    at = data + size + (size % 2);
  }
  return canvas === undefined || frames === 0
    ? undefined
    : { ...canvas, frames, durationSeconds: milliseconds / 1000 };
}

/** The animation as ffprobe would tell of it. */
export function probeOfAnimation({ width, height, frames, durationSeconds }: WebpAnimation): Probe {
  const frameRate = durationSeconds > 0 ? frames / durationSeconds : frames;
  return {
    format: 'webp',
    durationSeconds,
    startSeconds: 0,
    video: {
      index: 0,
      codec: 'webp',
      width,
      height,
      rotationDegrees: 0,
      frameRate,
      declaredFrameRate: frameRate,
      timeBase: '1/1000',
      endSeconds: durationSeconds,
      interlaced: false,
      matrix: undefined,
      primaries: undefined,
      transfer: undefined,
    },
    audio: undefined,
    audioTracks: [],
    captionStreams: [],
    tags: { title: undefined, creationTime: undefined },
    found: 'video (webp)',
  };
}
