import { imageOptions } from './image-options';
import { hasSeveralFiles, outputFileName } from './output-files';
import { imageFilters } from './picture-filters';
import type { PictureBranch } from './picture-graph';
import type { PictureLayout } from './picture-size';
import { layoutPicture } from './picture-size';
import type { PresetOutput, StoryboardOutput, ThumbnailsOutput } from './preset';
import type { Probe, VideoStream } from './probe';

export type TiledOutput = ThumbnailsOutput | StoryboardOutput;

/** Files that one output may have: each is uploaded, checked and copied by itself. */
const MOST_FILES = 200;

/** When the pictures are taken. */
export interface Spacing {
  readonly everySeconds: number;
  readonly count: number;
}

export function isTiled(output: PresetOutput): output is TiledOutput {
  return hasSeveralFiles(output);
}

/** At which times pictures are taken of a video that lasts so long. */
export function spacingOf(output: TiledOutput, durationSeconds: number): Spacing {
  const most = MOST_FILES * tilesPerFile(output);
  const everySeconds = Math.max(output.everySeconds, durationSeconds / most);
  // A hair beyond the last picture is no place for another.
  const count = Math.ceil(durationSeconds / everySeconds - 1e-6);
  return { everySeconds, count: Math.min(most, Math.max(1, count)) };
}

export function tilesPerFile(output: TiledOutput): number {
  return output.kind === 'storyboard' ? output.columns * output.rows : 1;
}

/** Size of each picture, which on a sheet is one tile. */
export function tileLayout(output: TiledOutput, video: VideoStream): PictureLayout {
  return layoutPicture(
    video,
    output.kind === 'storyboard'
      ? { boxWidth: output.tileSide, boxHeight: output.tileSide, fit: 'inside' }
      : output.size,
  );
}

/** Seconds of picture, where a file tells no more than its whole length. */
export function pictureSeconds({ video, durationSeconds }: Probe): number {
  return video?.endSeconds ?? durationSeconds ?? 0;
}

export function tileBranch(output: TiledOutput, video: VideoStream, durationSeconds: number): PictureBranch {
  const { everySeconds, count } = spacingOf(output, durationSeconds);
  const layout = tileLayout(output, video);
  return {
    early: [
      // Rounded up: picture n is the frame that is shown at n times the distance, the first at 0.
      `fps=fps=1000000/${Math.round(everySeconds * 1_000_000)}:round=up:start_time=0`,
      // Ends differ by a frame from what files announce; the map goes by the announced one.
      'tpad=stop=1:stop_mode=clone',
      `trim=end_frame=${count}`,
    ],
    late: [
      ...imageFilters(video, { layout, format: output.format }),
      ...(output.kind === 'storyboard' ? [`tile=layout=${output.columns}x${output.rows}`] : []),
    ],
    size: layout.scaled,
    keepHdr: false,
  };
}

/** What stands after the mapping of the branch. */
export function tileOptions(output: TiledOutput): { fileName: string; options: string[] } {
  return {
    fileName: outputFileName(output),
    options: ['-fps_mode', 'passthrough', ...imageOptions(output), '-start_number', '1'],
  };
}
