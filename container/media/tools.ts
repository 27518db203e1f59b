import { join } from 'node:path';

/** Where the two programs are started from: scripts that give them a clean environment. */
export interface MediaTools {
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
}

/** The scripts in the folder `clean`, which lies beside the worker's own file. */
export function mediaTools(workerFolder: string): MediaTools {
  return {
    ffmpegPath: join(workerFolder, 'clean', 'ffmpeg'),
    ffprobePath: join(workerFolder, 'clean', 'ffprobe'),
  };
}
