import type { PublishedOutput } from '../core/job';
import { formatBytes, formatTable } from './table';

/** Published outputs of a job. */
export function outputTable(outputs: readonly PublishedOutput[]): string {
  return formatTable(
    ['file', 'codec', 'size', 'duration', 'bytes', 'where'],
    outputs.map(output => [
      output.fileName,
      [output.video?.codec, output.audio?.codec].filter(Boolean).join(' + '),
      sizes(output),
      output.durationSeconds === undefined ? '' : `${output.durationSeconds.toFixed(2)} s`,
      formatBytes(output.sizeBytes + (output.tree?.sizeBytes ?? 0)),
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
