import type { PublishedOutput } from '../core/job';
import { scoresText } from './score-text';
import { formatBytes, formatTable } from './table';

/** Published outputs of a job. */
export function outputTable(outputs: readonly PublishedOutput[]): string {
  const isScored = outputs.some(output => scoresText(output) !== '');
  return formatTable(
    ['file', 'codec', 'size', 'duration', 'bytes', ...(isScored ? ['quality'] : []), 'where'],
    outputs.map(output => [
      output.fileName,
      [output.video?.codec, output.audio?.codec].filter(Boolean).join(' + '),
      sizes(output),
      output.durationSeconds === undefined ? '' : `${output.durationSeconds.toFixed(2)} s`,
      formatBytes(output.sizeBytes + (output.tree?.sizeBytes ?? 0)),
      ...(isScored ? [scoresText(output)] : []),
      `s3://${output.bucket}/${output.key}`,
    ]),
  );
}

/** `1920×1080`; of an adaptive output `1920×1080 … 640×360`. */
function sizes({ video, tree }: PublishedOutput): string {
  const last = tree?.rungs.at(-1);
  if (video === undefined) return '';
  const largest = `${video.width}×${video.height}`;
  return last === undefined || last.width === video.width
    ? largest
    : `${largest} … ${last.width}×${last.height}`;
}
