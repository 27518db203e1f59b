import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { MediaTools } from './tools';

export interface MadeClip {
  readonly path: string;
  readonly durationSeconds: number;
  readonly width: number;
  readonly height: number;
}

/** Makes an H.264/AAC clip with a moving picture and a tone, for trying the pipeline without a video at hand. */
export async function makeClip(tools: Pick<MediaTools, 'ffmpegPath'>, clip: MadeClip): Promise<void> {
  const { path, durationSeconds, width, height } = clip;
  await promisify(execFile)(tools.ffmpegPath, [
    ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-y'],
    ...['-f', 'lavfi', '-i', `testsrc2=size=${width}x${height}:rate=25:duration=${durationSeconds}`],
    ...[
      '-f',
      'lavfi',
      '-i',
      `sine=frequency=330:sample_rate=48000:beep_factor=4:duration=${durationSeconds}`,
    ],
    // A key frame each second, as cameras have them: with few, a source is not cut.
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p'],
    ...['-c:a', 'aac', '-movflags', '+faststart', path],
  ]);
}
