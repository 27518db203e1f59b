import type { FfmpegPlan } from './encode-plan';
import type { Excerpt } from './excerpt';
import { cutFilters, readFromSeconds, seekOptions } from './excerpt';
import { formatFrameRate, isVariable } from './frame-rate';
import { outputFileName } from './output-files';
import { scaleFilters, sourceFilters } from './picture-filters';
import { layoutPicture } from './picture-size';
import type { ClipOutput } from './preset';
import type { Probe, VideoStream } from './probe';
import { canSeek } from './seekable';
import { frameLengths } from './video-encoders';

/** Where a clip lies in a source that lasts so long. */
export function clipExcerpt(output: ClipOutput, durationSeconds: number): Required<Excerpt> {
  const wanted = output.startSeconds ?? (durationSeconds * output.startPercent) / 100;
  const startSeconds = Math.max(0, Math.min(wanted, durationSeconds - output.seconds));
  return { startSeconds, endSeconds: Math.min(durationSeconds, startSeconds + output.seconds) };
}

/** A process of its own: a seek and a few seconds are less than what the others read. */
export function planClip(output: ClipOutput, probe: Probe): FfmpegPlan {
  const { video } = probe;
  if (video === undefined) throw new Error('A clip needs a picture, which the source does not have');
  const excerpt = clipExcerpt(output, video.endSeconds ?? probe.durationSeconds ?? 0);
  const fromSeconds = readFromSeconds([excerpt], canSeek(probe));
  const layout = layoutPicture(video, output.size);
  const framesPerSecond = clipFrameRate(output, video);
  const filters = [
    `fps=fps=${formatFrameRate(framesPerSecond)}`,
    ...cutFilters('video', excerpt, fromSeconds),
    ...sourceFilters(video, layout.scaled),
    ...scaleFilters(video, { layout, pixelFormat: 'yuv420p', keepHdr: false }),
  ];
  const graph = `[0:${video.index}]${filters.join(',')}`;
  return {
    inputOptions: ['-an', ...seekOptions(fromSeconds)],
    join: probe.join,
    filterGraph: output.format === 'gif' ? withPalette(graph) : [`${graph}[v0]`],
    files: [
      {
        fileName: outputFileName(output),
        options: [
          ...['-map', '[v0]', '-map_metadata', '-1', '-map_metadata:s', '-1'],
          ...(output.format === 'mp4' ? ['-bsf:v', frameLengths({ framesPerSecond })] : []),
          ...ENCODERS[output.format],
        ],
      },
    ],
  };
}

function clipFrameRate({ maxFrameRate }: ClipOutput, video: VideoStream): number {
  return isVariable(video) ? maxFrameRate : Math.min(maxFrameRate, video.frameRate);
}

/** The 256 colors that suit what moves best. */
function withPalette(graph: string): string[] {
  return [
    `${graph},split=2[p0][p1]`,
    '[p0]palettegen=stats_mode=diff[palette]',
    '[p1][palette]paletteuse=dither=bayer:bayer_scale=4:diff_mode=rectangle[v0]',
  ];
}

const ENCODERS: Readonly<Record<ClipOutput['format'], readonly string[]>> = {
  mp4: [
    ...['-c:v', 'libx264', '-preset', 'medium', '-profile:v', 'high', '-crf', '26'],
    ...['-f', 'mp4', '-movflags', '+faststart'],
  ],
  gif: ['-c:v', 'gif', '-f', 'gif', '-loop', '0'],
  webp: ['-c:v', 'libwebp_anim', '-quality', '70', '-f', 'webp', '-loop', '0'],
};
