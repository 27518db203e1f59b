import { join } from 'node:path';
import { makeClip } from '../container/media/made-clip';
import { mediaTools } from '../container/media/tools';

/** Ten seconds of 1080p with sound, where the user has no video at hand. @returns its path */
export async function makeDemoClip(path: string): Promise<string> {
  await makeClip(mediaTools(join(__dirname, '..', 'container')), {
    path,
    durationSeconds: 10,
    width: 1920,
    height: 1080,
  });
  return path;
}
