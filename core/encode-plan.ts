import { planClip } from './clip-plan';
import { containerOptions } from './container-options';
import { cutFilters, excerptOf, readFromSeconds, seekOptions } from './excerpt';
import type { FrameRateChoice } from './frame-rate';
import { chooseFrameRate, formatFrameRate, isBelievable, isVariable } from './frame-rate';
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
import type { TiledOutput } from './tile-plan';
import { isTiled, pictureSeconds, tileBranch, tileOptions } from './tile-plan';
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
  /** All outputs that go through the source: it is read and decoded once. Absent when there are none. */
  readonly encode: FfmpegPlan | undefined;
  /** One short process for each still. */
  readonly stills: readonly StillPlan[];
  /** And for each clip. */
  readonly clips: readonly FfmpegPlan[];
}

/** What was measured of the source before the outputs are made. */
export interface Findings {
  /** By `LoudnessPlan.key`; silence is left out. */
  readonly loudness: ReadonlyMap<string, Loudness>;
  /** Where the best frame is, when one is wanted and was found. */
  readonly bestSeconds?: number | undefined;
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
  const through = outputs.filter(output => output.kind !== 'still' && output.kind !== 'clip');
  const { bestSeconds } = findings;
  return {
    encode: through.length === 0 ? undefined : planThrough(through, { probe, findings }),
    stills: outputs
      .filter(output => output.kind === 'still')
      .map(output => planStill(output, { probe, bestSeconds })),
    clips: outputs.filter(output => output.kind === 'clip').map(output => planClip(output, probe)),
  };
}

interface Source {
  readonly probe: Probe;
  readonly findings: Findings;
}

function planThrough(
  outputs: readonly (VideoOutput | AudioOutput | TiledOutput)[],
  source: Source,
): FfmpegPlan {
  const { probe } = source;
  const fromSeconds = readFromSeconds(outputs.map(excerptOf), canSeek(probe));
  const pictures = outputs.filter(output => output.kind !== 'audio');
  const branches = pictures.map(output => {
    const video = required(probe.video);
    return isTiled(output)
      ? tileBranch(output, video, pictureSeconds(probe))
      : videoBranch(output, video, fromSeconds);
  });
  return {
    inputOptions: seekOptions(fromSeconds),
    filterGraph: branches.length === 0 ? [] : pictureGraph(branches, required(probe.video)),
    files: outputs.map(output => {
      const mapping = output.kind === 'audio' ? [] : ['-map', `[v${pictures.indexOf(output)}]`];
      if (isTiled(output)) {
        const { fileName, options } = tileOptions(output);
        return { fileName, options: [...mapping, ...options] };
      }
      return {
        fileName: outputFileName(output),
        options: [
          ...mapping,
          ...(output.kind === 'video' ? videoOptions(output, required(probe.video)) : []),
          ...audioOptions(output, { source, fromSeconds }),
          ...containerOptions(output, probe.tags),
        ],
      };
    }),
  };
}

function videoBranch(output: VideoOutput, video: VideoStream, fromSeconds: number): PictureBranch {
  const wanted = output.video;
  const layout = videoLayout(wanted, video);
  const rate = rateOf(output, video);
  const cut = cutFilters('video', excerptOf(output), fromSeconds);
  const keepHdr = wanted.hdr === 'keep';
  return {
    // A steady rate first: only then a frame that is held beyond a cut reaches up to it.
    early: rate.kind === 'steady' ? [...rateFilters(rate), ...cut] : cut,
    late: [
      ...turnFilters(wanted.rotateDegrees),
      ...scaleFilters(video, { layout, pixelFormat: pixelFormat(wanted), keepHdr }),
    ],
    size: isTurned(wanted) ? { width: layout.scaled.height, height: layout.scaled.width } : layout.scaled,
    keepHdr,
  };
}

function videoOptions(output: VideoOutput, video: VideoStream): string[] {
  const wanted = output.video;
  return pictureOptions(wanted, video, {
    size: videoLayout(wanted, video).final,
    rate: rateOf(output, video),
    colors: outputColors(video, wanted.hdr === 'keep'),
  });
}

function isTurned({ rotateDegrees }: VideoSettings): boolean {
  return rotateDegrees === 90 || rotateDegrees === 270;
}

/** How the picture of a video output gets its size, turned as the preset wants it. */
export function videoLayout(wanted: VideoSettings, video: VideoStream): PictureLayout {
  const shown = isTurned(wanted) ? { width: video.height, height: video.width } : video;
  return layoutPicture(shown, wanted.size);
}

/** Rate of an excerpt of a variable one, of which the rate tells nothing. */
const EXCERPT_FRAME_RATE = 30;

function rateOf(output: VideoOutput, video: VideoStream): FrameRateChoice {
  const { codec, maxFrameRate } = output.video;
  const choice = chooseFrameRate(video, maxFrameRate);
  if (choice.kind === 'steady') return choice;
  const believable = isBelievable(video.declaredFrameRate);
  if (excerptOf(output).endSeconds !== undefined && isVariable(video)) {
    // A frame that is held beyond the end of a cut would leave with its own length, whatever that is.
    const framesPerSecond = believable ? video.declaredFrameRate : EXCERPT_FRAME_RATE;
    return { kind: 'steady', framesPerSecond: Math.min(framesPerSecond, maxFrameRate ?? framesPerSecond) };
  }
  // Only x264 can be told another rate than that of the time stamps.
  return codec === 'h264' || believable
    ? choice
    : { kind: 'steady', framesPerSecond: choice.framesPerSecond };
}

function rateFilters(choice: FrameRateChoice): string[] {
  return choice.kind === 'steady' ? [`fps=fps=${formatFrameRate(choice.framesPerSecond)}`] : [];
}

function audioOptions(
  output: VideoOutput | AudioOutput,
  { source, fromSeconds }: { source: Source; fromSeconds: number },
): string[] {
  const { audio } = output;
  const { probe, findings } = source;
  // A silent source makes a silent video.
  if (audio === undefined || (output.kind === 'video' && probe.audio === undefined)) return [];
  const track = required(selectTrack(probe, audio.track));
  return soundOptions(audio, {
    track,
    excerpt: excerptOf(output),
    fromSeconds,
    keepLanguage: output.metadata.language,
    loudness: findings.loudness.get(loudnessKey(output, { audio, track })),
  });
}

function required<Stream>(stream: Stream | undefined): Stream {
  if (stream === undefined) throw new Error('The output needs a stream that the source does not have');
  return stream;
}
