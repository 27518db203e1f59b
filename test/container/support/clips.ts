import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=2'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100:duration=2'];
const FAST = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];

/** Makes a clip with ffmpeg. @param name file name, of which the extension decides the format */
export function makeClip(name: string, args: readonly string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'clip-'));
  try {
    const path = join(folder, name);
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...args, path]);
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Two seconds of 320x180 at 25 fps with a mono tone, the index in front. */
export function plainClip(): Buffer {
  return makeClip('plain.mp4', [...PICTURE, ...SOUND, ...FAST, '-movflags', '+faststart']);
}

/** Three seconds of 854x480, long enough to encode that something can happen meanwhile. */
export function largeClip(): Buffer {
  return makeClip('large.mp4', ['-f', 'lavfi', '-i', 'testsrc2=size=854x480:rate=25:duration=3', ...FAST]);
}

export function silentClip(): Buffer {
  return makeClip('silent.mp4', [...PICTURE, ...FAST]);
}

/** Two seconds in motion, of which the last frame is held for three more. */
export function heldClip(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'clip-'));
  try {
    const path = join(folder, 'plain.mp4');
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...PICTURE, ...SOUND, ...FAST, '-bf', '0', path]);
    const hold = 'setts=duration=if(eq(N\\,49)\\,3/TB\\,DURATION)';
    return makeClip('held.mp4', ['-i', path, '-c', 'copy', '-bsf:v', hold]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Stored lying, shown upright: 320x180 with a display matrix of a quarter turn, and a place in its metadata. */
export function rotatedClip(): Buffer {
  const place = ['-metadata', 'location=+48.1374+011.5755/', '-metadata', 'title=At home'];
  return turnUpright(makeClip('lying.mp4', [...PICTURE, ...SOUND, ...FAST, ...place]), 180);
}

/** An MP4 with a display matrix of a quarter turn. @param height of the picture as it is stored */
export function turnUpright(clip: Buffer, height: number): Buffer {
  // Versions of ffmpeg differ in how they are told to turn a picture; all read the matrix of the track header.
  const matrix = clip.indexOf('tkhd') + 44;
  const quarterTurn = [0, 0x10000, 0, -0x10000, 0, 0, height << 16, 0, 0x40000000];
  quarterTurn.forEach((value, index) => clip.writeInt32BE(value, matrix + index * 4));
  return clip;
}

/** 320x180 with pixels twice as wide as high. */
export function anamorphicClip(): Buffer {
  return makeClip('wide.mp4', [...PICTURE, '-vf', 'setsar=2/1', ...FAST]);
}

/** Sound with a picture of its cover. */
export function songWithCover(): Buffer {
  return makeClip('song.mp4', [
    ...SOUND,
    ...['-f', 'lavfi', '-i', 'color=red:size=64x64:duration=0.04:rate=25'],
    ...['-map', '0:a', '-map', '1:v', '-c:a', 'aac', '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'],
    ...['-frames:v', '1', '-disposition:v:0', 'attached_pic'],
  ]);
}

/** Full-range picture whose sound is three seconds shorter. */
export function unevenClip(): Buffer {
  return makeClip('uneven.mp4', [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=10:duration=5'],
    ...[...SOUND, ...FAST],
  ]);
}

/** Filter that says of a picture that it is HDR: from version 7 on ffmpeg's encoders go by the frames alone. */
export function taggedHdr(transfer: string): string {
  return `setparams=range=tv:colorspace=bt2020nc:color_primaries=bt2020:color_trc=${transfer}`;
}

/** One second of 64x36 PQ in ten bits. */
export function hdrClip(): Buffer {
  return makeClip('hdr.mkv', [
    ...['-f', 'lavfi', '-i', 'testsrc2=size=64x36:rate=10:duration=1', '-pix_fmt', 'yuv420p10le'],
    ...['-vf', taggedHdr('smpte2084'), '-c:v', 'ffv1'],
  ]);
}
