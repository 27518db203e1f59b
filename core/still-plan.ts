import type { FfmpegPlan } from './encode-plan';
import { jpegFilters, sourceFilters } from './picture-filters';
import { layoutPicture } from './picture-size';
import type { StillOutput } from './preset';
import { outputFileName } from './preset';
import type { Probe } from './probe';

export interface StillPlan {
  readonly wanted: FfmpegPlan;
  /** The first frame, for a source that has none at the wanted moment. */
  readonly fallback: FfmpegPlan;
}

/** A still at the very end would find no frame. */
const BEFORE_END_SECONDS = 0.2;

export function planStill(output: StillOutput, probe: Probe): StillPlan {
  const { video } = probe;
  if (video === undefined) throw new Error('A still needs a picture, which the source does not have');
  const layout = layoutPicture(video, output.size);
  const filters = [...sourceFilters(video, layout.scaled), ...jpegFilters(video, layout)];
  const at = (seekSeconds: number): FfmpegPlan => ({
    inputOptions: seekSeconds > 0 ? ['-ss', seekSeconds.toFixed(3)] : [],
    filterGraph: [`[0:${video.index}]${filters.join(',')}[v0]`],
    files: [{ fileName: outputFileName(output), options: stillFileOptions(output.jpegQuality) }],
  });
  const seconds = stillSeconds(output.atPercent, video.endSeconds ?? probe.durationSeconds);
  return { wanted: at(seconds), fallback: at(0) };
}

function stillSeconds(atPercent: number, durationSeconds: number | undefined): number {
  if (durationSeconds === undefined) return 0;
  return Math.max(0, Math.min((durationSeconds * atPercent) / 100, durationSeconds - BEFORE_END_SECONDS));
}

function stillFileOptions(jpegQuality: number): string[] {
  return [
    ...['-map', '[v0]', '-frames:v', '1', '-c:v', 'mjpeg', '-qmin', '1', '-q:v', jpegQuantizer(jpegQuality)],
    ...['-map_metadata', '-1', '-map_metadata:s', '-1', '-f', 'image2', '-update', '1'],
  ];
}

/** ffmpeg's scale from 1 (best) to 31 for the usual one from 100 (best) to 1: both multiply the same table. */
function jpegQuantizer(quality: number): string {
  const percentOfTable = quality >= 50 ? 200 - 2 * quality : 5000 / quality;
  return Math.min(31, Math.max(1, (8 * percentOfTable) / 100)).toFixed(1);
}
