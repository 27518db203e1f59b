import { join } from 'node:path';

/** Where the programs are started from: scripts that give them a clean environment. */
export interface MediaTools {
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
  /** Signals the two, which in the image run as another user. */
  readonly sendSignalPath: string;
}

/** The scripts in the folder `clean`, which lies beside the worker's own file. */
export function mediaTools(workerFolder: string): MediaTools {
  const folder = join(workerFolder, 'clean');
  return {
    ffmpegPath: join(folder, 'ffmpeg'),
    ffprobePath: join(folder, 'ffprobe'),
    sendSignalPath: join(folder, 'send-signal'),
  };
}
