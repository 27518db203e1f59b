import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Sound files, and videos of 160x90 at 10 frames a second with a tone, all of four seconds; what damage is done to. */
export interface BaseClips {
  /** Index behind the media, so that it can be changed without moving them. */
  readonly mp4: Buffer;
  readonly indexInFront: Buffer;
  readonly fragmented: Buffer;
  readonly mkv: Buffer;
  /** As browsers record: without a length, without an index. */
  readonly liveMkv: Buffer;
  readonly mpegTs: Buffer;
  readonly flv: Buffer;
  readonly avi: Buffer;
  readonly wav: Buffer;
  readonly mp3: Buffer;
  /** Formats that do not tell how long they last. */
  readonly mpegPs: Buffer;
  readonly ogg: Buffer;
  readonly aac: Buffer;
  readonly ac3: Buffer;
  readonly encrypted: Buffer;
  /** Two seconds of 160x90, then two of 90x160, in one stream. */
  readonly sizeChanges: Buffer;
  /** MP3 and M4A with a cover. */
  readonly mp3WithCover: Buffer;
  readonly m4aWithCover: Buffer;
  /** A transport stream of which the clock jumps by 5000 seconds halfway, and one by 1.5 seconds back. */
  readonly jumpingClock: Buffer;
  readonly clockSetBack: Buffer;
  readonly negativeTimes: Buffer;
  readonly oneFrame: Buffer;
  readonly onePixel: Buffer;
  /** A single PNG picture of 16x16 as a video. */
  readonly pngVideo: Buffer;
  /** Still pictures. */
  readonly png: Buffer;
  readonly gif: Buffer;
}

const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=10:duration=4'];
const TALL = ['-f', 'lavfi', '-i', 'testsrc2=size=90x160:rate=10:duration=2'];
const TONE = ['-f', 'lavfi', '-i', 'sine=frequency=330:sample_rate=16000:duration=4'];
const COVER = ['-f', 'lavfi', '-i', 'color=red:size=32x32:rate=1:duration=1'];
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '10'];
const ONE = ['-map', '2', '-frames:v', '1'];

/** Makes all of them, in three runs of ffmpeg. */
export function makeBaseClips(): BaseClips {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  const path = (name: string): string => join(folder, name);
  const read = (name: string): Buffer => readFileSync(path(name));
  const ffmpeg = (...args: readonly string[]): void =>
    void execFileSync('ffmpeg', ['-v', 'error', '-y', ...args], { cwd: folder });
  try {
    const cover = ['-map', '1', '-map', '2', '-c:v', 'mjpeg', '-disposition:v', 'attached_pic'];
    ffmpeg(
      ...[...PICTURE, ...TONE, ...COVER, ...TALL],
      ...['-map', '0', '-map', '1', ...H264, '-c:a', 'aac', '-b:a', '32k', 'late.mp4'],
      ...['-map', '3', ...H264, '-f', 'h264', 'tall.h264'],
      ...['-map', '0', '-t', '2', ...H264, '-f', 'h264', 'wide.h264'],
      ...['-map', '0', '-map', '1', '-c:v', 'mjpeg', '-q:v', '20', '-c:a', 'pcm_s16le', 'base.avi'],
      ...['-map', '0', '-map', '1', '-c:v', 'mpeg2video', '-r', '25', '-c:a', 'mp2', '-f', 'vob', 'base.mpg'],
      ...['-map', '1', '-c:a', 'libopus', 'base.ogg', '-map', '1', '-c:a', 'aac', 'base.aac'],
      ...['-map', '1', '-c:a', 'ac3', 'base.ac3'],
      ...[...cover, '-c:a', 'libmp3lame', 'cover.mp3'],
      ...[...cover, '-c:a', 'aac', 'cover.m4a'],
      ...['-map', '1', '-c:a', 'pcm_s16le', 'base.wav', '-map', '1', '-c:a', 'libmp3lame', 'base.mp3'],
      ...[...ONE, ...H264, 'one.mp4', ...ONE, '-vf', 'crop=1:1:exact=1', '-c:v', 'png', 'pixel.mov'],
      ...[...ONE, '-c:v', 'png', 'png.mov', ...ONE, 'still.png', ...ONE, 'still.gif'],
    );
    /** The picture's half, and the sound's. */
    const jump = (seconds: string): string[] => [
      ...['-bsf:v', `setts=ts=if(gte(N\\,20)\\,TS${seconds}/TB\\,TS)`],
      ...['-bsf:a', `setts=ts=if(gte(N\\,32)\\,TS${seconds}/TB\\,TS)`],
    ];
    const encryption = ['-encryption_key', '0123456789abcdef0123456789abcdef'];
    ffmpeg(
      ...['-i', 'late.mp4', '-c', 'copy', '-movflags', '+faststart', 'front.mp4'],
      ...['-c', 'copy', '-movflags', '+frag_keyframe+empty_moov', 'fragmented.mp4'],
      ...['-c', 'copy', 'base.mkv', '-c', 'copy', '-f', 'matroska', '-live', '1', 'live.mkv'],
      ...['-c', 'copy', 'base.ts', '-c', 'copy', 'base.flv'],
      ...['-c', 'copy', ...jump('+5000'), 'jump.ts', '-c', 'copy', ...jump('-1.5'), 'back.ts'],
      ...['-c', 'copy', '-bsf:v', 'setts=ts=TS-1/TB', '-avoid_negative_ts', 'disabled', 'negative.mkv'],
      ...['-c', 'copy', '-encryption_scheme', 'cenc-aes-ctr', ...encryption],
      ...['-encryption_kid', '0123456789abcdef0123456789abcdef', 'encrypted.mp4'],
    );
    execFileSync('sh', ['-c', 'cat wide.h264 tall.h264 > both.h264'], { cwd: folder });
    ffmpeg('-r', '10', '-i', 'both.h264', '-c', 'copy', 'both.mkv');
    return {
      mp4: read('late.mp4'),
      indexInFront: read('front.mp4'),
      fragmented: read('fragmented.mp4'),
      mkv: read('base.mkv'),
      liveMkv: read('live.mkv'),
      mpegTs: read('base.ts'),
      flv: read('base.flv'),
      avi: read('base.avi'),
      wav: read('base.wav'),
      mp3: read('base.mp3'),
      mpegPs: read('base.mpg'),
      ogg: read('base.ogg'),
      aac: read('base.aac'),
      ac3: read('base.ac3'),
      encrypted: read('encrypted.mp4'),
      sizeChanges: read('both.mkv'),
      mp3WithCover: read('cover.mp3'),
      m4aWithCover: read('cover.m4a'),
      jumpingClock: read('jump.ts'),
      clockSetBack: read('back.ts'),
      negativeTimes: read('negative.mkv'),
      oneFrame: read('one.mp4'),
      onePixel: read('pixel.mov'),
      pngVideo: read('png.mov'),
      png: read('still.png'),
      gif: read('still.gif'),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
