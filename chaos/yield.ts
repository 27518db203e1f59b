import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { JobRecord } from '../core/job';
import type { Farm } from './farm';

/**
 * What the outputs of a job come to, by file: of videos and adaptive outputs all frames in their order and all sound,
 * of pictures their bytes. Equal for two jobs that made the same.
 */
export async function yieldOf(farm: Farm, job: JobRecord | undefined): Promise<Record<string, string>> {
  if (job?.status !== 'done') return {};
  const folder = await mkdtemp(join(tmpdir(), 'spotreel-yield-'));
  try {
    const files = await farm.outputs(job.outputPrefix);
    for (const [name, body] of files) {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, body);
    }
    const found: Record<string, string> = {};
    for (const [name, body] of files) {
      if (name.endsWith('.jpg')) found[name] = createHash('md5').update(body).digest('hex');
      if (/^[^/]+\.mp4$|master\.m3u8$/.test(name)) found[name] = await decoded(join(folder, name));
    }
    return found;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** MD5 of all that a file decodes to. */
async function decoded(path: string): Promise<string> {
  const { stdout } = await promisify(execFile)('ffmpeg', [
    ...['-nostdin', '-loglevel', 'error', '-i', path, '-map', '0', '-f', 'md5', '-'],
  ]);
  return stdout.trim();
}
