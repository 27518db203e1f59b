import type { PublishedOutput } from '../core/job';
import { scoreText } from './score-text';
import { formatBytes, formatTable } from './table';

/** Published outputs of a job. */
export function outputTable(outputs: readonly PublishedOutput[]): string {
  const isScored = outputs.some(({ score }) => score !== undefined);
  return formatTable(
    ['file', 'codec', 'size', 'duration', 'bytes', ...(isScored ? ['quality'] : []), 'where'],
    outputs.map(output => [
      output.fileName,
      [output.video?.codec, output.audio?.codec].filter(Boolean).join(' + '),
      output.video === undefined ? '' : `${output.video.width}×${output.video.height}`,
      output.durationSeconds === undefined ? '' : `${output.durationSeconds.toFixed(2)} s`,
      formatBytes(output.sizeBytes),
      ...(isScored ? [scoreText(output.score)] : []),
      `s3://${output.bucket}/${output.key}`,
    ]),
  );
}
