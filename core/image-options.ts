import type { StillOutput } from './preset';

/** Encoder of a picture, and that nothing of the source's metadata goes along. */
export function imageOptions({ format, jpegQuality }: Pick<StillOutput, 'format' | 'jpegQuality'>): string[] {
  const encoder = {
    jpeg: ['-c:v', 'mjpeg', '-qmin', '1', '-q:v', jpegQuantizer(jpegQuality)],
    png: ['-c:v', 'png'],
    webp: ['-c:v', 'libwebp', '-quality', String(jpegQuality)],
  }[format];
  return [...encoder, '-map_metadata', '-1', '-map_metadata:s', '-1', '-f', 'image2'];
}

/** ffmpeg's scale from 1 (best) to 31 for the usual one from 100 (best) to 1: both multiply the same table. */
function jpegQuantizer(quality: number): string {
  const percentOfTable = quality >= 50 ? 200 - 2 * quality : 5000 / quality;
  return Math.min(31, Math.max(1, (8 * percentOfTable) / 100)).toFixed(1);
}
