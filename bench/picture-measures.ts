import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { RatedPacket } from '../core/rate-cap';

const run = promisify(execFile);

/** Frames of picture in a file. */
export async function countFrames(path: string): Promise<number> {
  const counting = ['-select_streams', 'v:0', '-count_packets', '-show_entries', 'stream=nb_read_packets'];
  const { stdout } = await run('ffprobe', ['-v', 'error', ...counting, '-of', 'csv=p=0', path]);
  return Number.parseInt(stdout, 10);
}

/** The packets of the picture of a file. */
export async function ratedPackets(path: string): Promise<RatedPacket[]> {
  const entries = ['-select_streams', 'v:0', '-show_entries', 'packet=dts_time,size', '-of', 'csv=p=0'];
  const { stdout } = await run('ffprobe', ['-v', 'error', ...entries, path], { maxBuffer: 64 * 1024 ** 2 });
  return stdout
    .trim()
    .split('\n')
    .map(line => {
      const [seconds = NaN, bytes = NaN] = line.split(',').map(Number);
      return { seconds, bytes };
    });
}

/** PSNR in dB of a part of an encoded video against its source, which must have the same size and frames. */
export async function psnrAt(
  path: string,
  source: string,
  { from, seconds }: { from: number; seconds: number },
): Promise<number> {
  const input = (file: string): string[] => ['-ss', from.toFixed(3), '-t', seconds.toFixed(3), '-i', file];
  const { stderr } = await run('ffmpeg', [
    ...['-nostdin', '-hide_banner', ...input(path), ...input(source)],
    ...['-filter_complex', '[0:v]setpts=N[a];[1:v]setpts=N[b];[a][b]psnr', '-f', 'null', '-'],
  ]);
  const average = /PSNR .*average:([\d.]+|inf)/.exec(stderr)?.[1];
  if (average === undefined) throw new Error('ffmpeg told no PSNR');
  return average === 'inf' ? 100 : Number(average);
}
