import type { FfmpegPlan } from './encode-plan';
import { imageOptions } from './image-options';
import { outputFileName } from './output-files';
import { imageFilters, sourceFilters } from './picture-filters';
import { layoutPicture } from './picture-size';
import type { StillOutput } from './preset';
import type { Probe } from './probe';

export interface StillPlan {
  readonly wanted: FfmpegPlan;
  /** The first frame, for a source that has none at the wanted moment. */
  readonly fallback: FfmpegPlan;
}

/** A still at the very end would find no frame. */
const BEFORE_END_SECONDS = 0.2;

/** @param bestSeconds where the best frame was found, when one was looked for */
export function planStill(
  output: StillOutput,
  { probe, bestSeconds }: { probe: Probe; bestSeconds: number | undefined },
): StillPlan {
  const { video } = probe;
  if (video === undefined) throw new Error('A still needs a picture, which the source does not have');
  const layout = layoutPicture(video, output.size);
  const filters = [
    ...sourceFilters(video, layout.scaled),
    ...imageFilters(video, { layout, format: output.format }),
  ];
  const at = (seekSeconds: number): FfmpegPlan => ({
    inputOptions: seekSeconds > 0 ? ['-ss', seekSeconds.toFixed(3)] : [],
    join: probe.join,
    filterGraph: [`[0:${video.index}]${filters.join(',')}[v0]`],
    files: [
      {
        fileName: outputFileName(output),
        options: ['-map', '[v0]', '-frames:v', '1', ...imageOptions(output), '-update', '1'],
      },
    ],
  });
  const wanted = output.best
    ? (bestSeconds ?? 0)
    : stillSeconds(output, video.endSeconds ?? probe.durationSeconds);
  return { wanted: at(wanted), fallback: at(0) };
}

function stillSeconds({ atSeconds, atPercent }: StillOutput, durationSeconds: number | undefined): number {
  if (durationSeconds === undefined) return atSeconds ?? 0;
  const wanted = atSeconds ?? (durationSeconds * atPercent) / 100;
  return Math.max(0, Math.min(wanted, durationSeconds - BEFORE_END_SECONDS));
}
