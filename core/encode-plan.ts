import { containerOptions } from './container-options';
import type { Excerpt } from './excerpt';
import { cutFilters, excerptOf, readWindow, windowOptions } from './excerpt';
import type { FrameRateChoice } from './frame-rate';
import { chooseFrameRate, formatFrameRate, isBelievable } from './frame-rate';
import type { Loudness } from './loudness';
import { loudnessKey } from './loudness-plan';
import { outputColors, scaleFilters, turnFilters } from './picture-filters';
import type { PictureBranch } from './picture-graph';
import { pictureGraph } from './picture-graph';
import type { PictureLayout } from './picture-size';
import { layoutPicture } from './picture-size';
import type { AudioOutput, PresetOutput, VideoOutput, VideoSettings } from './preset';
import { outputFileName } from './preset';
import type { Probe, VideoStream } from './probe';
import { canSeek } from './seekable';
import { soundOptions } from './sound-options';
import { selectTrack } from './sound-track';
import type { StillPlan } from './still-plan';
import { planStill } from './still-plan';
import { pictureOptions, pixelFormat } from './video-encoders';

export { GOP_SECONDS } from './video-encoders';

/** One ffmpeg process over the source: what stands before and after `-i`, without any safety option. */
export interface FfmpegPlan {
  readonly inputOptions: readonly string[];
  /** Chains of `-filter_complex`; empty when no picture is worked on. */
  readonly filterGraph: readonly string[];
  readonly files: readonly PlannedFile[];
  /** It writes no file: what it finds out stands among its messages. */
  readonly prints?: boolean;
}

export interface PlannedFile {
  readonly fileName: string;
  readonly options: readonly string[];
}

export interface EncodePlan {
  /** All outputs that last: the source is read and decoded once. Absent when there are only stills. */
  readonly encode: FfmpegPlan | undefined;
  /** One short process for each still. */
  readonly stills: readonly StillPlan[];
}

/** What was measured of the source before the outputs are made. */
export interface Findings {
  /** By `LoudnessPlan.key`; silence is left out. */
  readonly loudness: ReadonlyMap<string, Loudness>;
}

const NOTHING_FOUND: Findings = { loudness: new Map() };

/**
 * How the outputs are made of a source.
 * Nothing that a user wrote reaches a filter or option but numbers and checked names.
 * @throws when an output needs a stream that the source lacks: rule that out with `missingStream` first
 */
export function planEncode(
  outputs: readonly PresetOutput[],
  probe: Probe,
  findings: Findings = NOTHING_FOUND,
): EncodePlan {
  const lasting = outputs.filter(output => output.kind === 'video' || output.kind === 'audio');
  return {
    encode: lasting.length === 0 ? undefined : planLasting(lasting, { probe, findings }),
    stills: outputs.filter(output => output.kind === 'still').map(output => planStill(output, probe)),
  };
}

interface Source {
  readonly probe: Probe;
  readonly findings: Findings;
}

function planLasting(outputs: readonly (VideoOutput | AudioOutput)[], source: Source): FfmpegPlan {
  const { probe } = source;
  const window = readWindow(outputs.map(excerptOf), canSeek(probe));
  const videos = outputs.filter(output => output.kind === 'video');
  return {
    inputOptions: windowOptions(window),
    filterGraph:
      videos.length === 0
        ? []
        : pictureGraph(
            videos.map(output => videoBranch(output, required(probe.video), window)),
            required(probe.video),
          ),
    files: outputs.map(output => ({
      fileName: outputFileName(output),
      options: [
        ...(output.kind === 'video'
          ? ['-map', `[v${videos.indexOf(output)}]`, ...videoOptions(output.video, required(probe.video))]
          : []),
        ...audioOptions(output, { source, window }),
        ...containerOptions(output, probe.tags),
      ],
    })),
  };
}

function videoBranch(output: VideoOutput, video: VideoStream, window: Excerpt): PictureBranch {
  const wanted = output.video;
  const layout = layoutOf(wanted, video);
  const keepHdr = wanted.hdr === 'keep';
  return {
    early: [
      ...cutFilters('video', excerptOf(output), window.startSeconds),
      ...rateFilters(rateOf(wanted, video)),
    ],
    late: [
      ...turnFilters(wanted.rotateDegrees),
      ...scaleFilters(video, { layout, pixelFormat: pixelFormat(wanted), keepHdr }),
    ],
    size: isTurned(wanted) ? { width: layout.scaled.height, height: layout.scaled.width } : layout.scaled,
    keepHdr,
  };
}

function videoOptions(wanted: VideoSettings, video: VideoStream): string[] {
  return pictureOptions(wanted, video, {
    size: layoutOf(wanted, video).final,
    rate: rateOf(wanted, video),
    colors: outputColors(video, wanted.hdr === 'keep'),
  });
}

function isTurned({ rotateDegrees }: VideoSettings): boolean {
  return rotateDegrees === 90 || rotateDegrees === 270;
}

function layoutOf(wanted: VideoSettings, video: VideoStream): PictureLayout {
  const shown = isTurned(wanted) ? { width: video.height, height: video.width } : video;
  return layoutPicture(shown, wanted.size);
}

function rateOf(wanted: VideoSettings, video: VideoStream): FrameRateChoice {
  const choice = chooseFrameRate(video, wanted.maxFrameRate);
  // Only x264 can be told another rate than that of the time stamps.
  return wanted.codec === 'h264' || isBelievable(video.declaredFrameRate)
    ? choice
    : { kind: 'steady', framesPerSecond: choice.framesPerSecond };
}

function rateFilters(choice: FrameRateChoice): string[] {
  return choice.kind === 'steady' ? [`fps=fps=${formatFrameRate(choice.framesPerSecond)}`] : [];
}

function audioOptions(
  output: VideoOutput | AudioOutput,
  { source, window }: { source: Source; window: Excerpt },
): string[] {
  const { audio } = output;
  const { probe, findings } = source;
  // A silent source makes a silent video.
  if (audio === undefined || (output.kind === 'video' && probe.audio === undefined)) return [];
  const track = required(selectTrack(probe, audio.track));
  return soundOptions(audio, {
    track,
    excerpt: excerptOf(output),
    windowStartSeconds: window.startSeconds,
    keepLanguage: output.metadata.language,
    loudness: findings.loudness.get(loudnessKey(output, { audio, track })),
  });
}

function required<Stream>(stream: Stream | undefined): Stream {
  if (stream === undefined) throw new Error('The output needs a stream that the source does not have');
  return stream;
}
