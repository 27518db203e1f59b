import type { FrameRateChoice } from './frame-rate';
import { chooseFrameRate, formatFrameRate, isBelievable } from './frame-rate';
import { outputColors, scaleFilters, sourceFilters, stillFilters } from './picture-filters';
import type { Dimensions } from './picture-size';
import { fitPicture } from './picture-size';
import type { AudioOutput, PresetOutput, StillOutput, VideoOutput } from './preset';
import { outputFileName } from './preset';
import type { AudioStream, Probe, VideoStream } from './probe';

/** One ffmpeg process over the source: what stands before and after `-i`, without any safety option. */
export interface FfmpegPlan {
  readonly inputOptions: readonly string[];
  /** Chains of `-filter_complex`; empty when no picture is worked on. */
  readonly filterGraph: readonly string[];
  readonly files: readonly PlannedFile[];
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

export interface StillPlan {
  readonly wanted: FfmpegPlan;
  /** The first frame, for a source that has none at the wanted moment. */
  readonly fallback: FfmpegPlan;
}

/** Seconds between key frames: what seeking and segments go by. */
export const GOP_SECONDS = 2;
/** The bit rate cap holds over this time, as players buffer. */
const CAP_WINDOW_SECONDS = 2;
/** Sound above this is of no use to anyone who listens. */
const HIGHEST_SAMPLE_RATE_HZ = 48_000;
const AAC_SAMPLE_RATES_HZ: readonly number[] = [
  8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000,
];
/** A still at the very end would find no frame. */
const BEFORE_END_SECONDS = 0.2;

/**
 * How the outputs are made of a source.
 * Nothing that a user wrote reaches a filter or option but numbers and checked names.
 * @throws when an output needs a stream that the source lacks: rule that out with `missingStream` first
 */
export function planEncode(outputs: readonly PresetOutput[], probe: Probe): EncodePlan {
  const lasting = outputs.filter(output => output.kind !== 'still');
  return {
    encode: lasting.length === 0 ? undefined : planLasting(lasting, probe),
    stills: outputs.filter(output => output.kind === 'still').map(output => planStill(output, probe)),
  };
}

function planLasting(outputs: readonly (VideoOutput | AudioOutput)[], probe: Probe): FfmpegPlan {
  const videos = outputs.filter(output => output.kind === 'video');
  const labels = new Map(videos.map((output, index) => [output, `[v${index}]`]));
  return {
    inputOptions: [],
    filterGraph: videos.length === 0 ? [] : filterGraph(videos, required(probe.video)),
    files: outputs.map(output => ({
      fileName: outputFileName(output),
      options:
        output.kind === 'video'
          ? videoFileOptions(output, { probe, label: labels.get(output) ?? '' })
          : [...soundOptions(output.audio, required(probe.audio)), ...CONTAINER_OPTIONS],
    })),
  };
}

function filterGraph(outputs: readonly VideoOutput[], video: VideoStream): string[] {
  const sizes = outputs.map(output => fitPicture(video, output.video.size));
  const largest = sizes.reduce((a, b) => (b.width * b.height > a.width * a.height ? b : a));
  const branches = outputs.map((output, index) => {
    const size = sizes[index] ?? largest;
    return [
      ...rateFilters(chooseFrameRate(video, output.video.maxFrameRate)),
      ...scaleFilters(video, size),
    ].join(',');
  });
  const shared = sourceFilters(video, largest);
  const input = `[0:${video.index}]`;
  if (branches.length === 1) return [`${input}${[...shared, ...branches].join(',')}[v0]`];
  const ends = branches.map((_, index) => `[s${index}]`).join('');
  return [
    `${input}${[...shared, `split=${branches.length}`].join(',')}${ends}`,
    ...branches.map((branch, index) => `[s${index}]${branch}[v${index}]`),
  ];
}

function rateFilters(choice: FrameRateChoice): string[] {
  return choice.kind === 'steady' ? [`fps=fps=${formatFrameRate(choice.framesPerSecond)}`] : [];
}

function videoFileOptions(output: VideoOutput, { probe, label }: { probe: Probe; label: string }): string[] {
  const video = required(probe.video);
  return [
    '-map',
    label,
    ...pictureOptions(output.video, video),
    ...(output.audio === undefined || probe.audio === undefined
      ? []
      : soundOptions(output.audio, probe.audio)),
    ...CONTAINER_OPTIONS,
  ];
}

function pictureOptions(wanted: VideoOutput['video'], video: VideoStream): string[] {
  const rate = chooseFrameRate(video, wanted.maxFrameRate);
  const colors = outputColors(video);
  const { crf, maxBitrateKbps } = wanted.quality;
  return [
    ...['-c:v', 'libx264', '-preset', wanted.speed, '-profile:v', 'high', '-crf', String(crf)],
    ...(maxBitrateKbps === undefined
      ? []
      : ['-maxrate', `${maxBitrateKbps}k`, '-bufsize', `${maxBitrateKbps * CAP_WINDOW_SECONDS}k`]),
    ...['-g', String(Math.max(2, Math.ceil(rate.framesPerSecond * GOP_SECONDS)))],
    ...['-force_key_frames', `expr:gte(t,n_forced*${GOP_SECONDS})`],
    ...timingOptions(rate, video),
    ...['-color_range', 'tv', '-colorspace', colors.matrix],
    ...['-color_primaries', colors.primaries, '-color_trc', colors.transfer],
  ];
}

function timingOptions(rate: FrameRateChoice, video: VideoStream): string[] {
  if (rate.kind === 'steady') return ['-fps_mode', 'vfr'];
  return [
    // Frames keep their own times, in the source's unit: any other rounds them.
    ...['-fps_mode', 'vfr', '-enc_time_base', video.timeBase],
    // x264 takes the declared rate for the level that it claims; tens of thousands a second would make it absurd.
    ...(isBelievable(video.declaredFrameRate)
      ? []
      : ['-x264-params', `fps=${formatFrameRate(rate.framesPerSecond)}`]),
  ];
}

function soundOptions(wanted: AudioOutput['audio'], audio: AudioStream): string[] {
  return [
    ...['-map', `0:${audio.index}`, '-c:a', 'aac', '-b:a', `${wanted.bitrateKbps}k`],
    ...[
      '-ac',
      String(Math.min(wanted.channels, audio.channels)),
      '-ar',
      String(sampleRate(audio.sampleRateHz)),
    ],
    // Gaps become silence; the encoder would close them, and everything after would come too early.
    ...['-filter:a', 'aresample=async=1:first_pts=0'],
    ...(audio.language === undefined ? [] : ['-metadata:s:a:0', `language=${audio.language}`]),
  ];
}

function sampleRate(sourceHz: number): number {
  if (sourceHz >= HIGHEST_SAMPLE_RATE_HZ) return HIGHEST_SAMPLE_RATE_HZ;
  return AAC_SAMPLE_RATES_HZ.find(rate => rate >= sourceHz) ?? HIGHEST_SAMPLE_RATE_HZ;
}

/** Nothing of the source's metadata goes along: phones note there where their owner lives. */
const CONTAINER_OPTIONS: readonly string[] = [
  ...['-map_metadata', '-1', '-map_metadata:s', '-1', '-map_chapters', '-1'],
  // Streams of which one begins late are held back until it does.
  ...['-max_muxing_queue_size', '4096'],
  ...['-f', 'mp4', '-movflags', '+faststart'],
];

function planStill(output: StillOutput, probe: Probe): StillPlan {
  const video = required(probe.video);
  const seconds = stillSeconds(output.atPercent, video.endSeconds ?? probe.durationSeconds);
  const at = (seekSeconds: number): FfmpegPlan => ({
    inputOptions: seekSeconds > 0 ? ['-ss', seekSeconds.toFixed(3)] : [],
    filterGraph: [`[0:${video.index}]${stillFilters(video, stillSize(output, video)).join(',')}[v0]`],
    files: [{ fileName: outputFileName(output), options: stillFileOptions(output.jpegQuality) }],
  });
  return { wanted: at(seconds), fallback: at(0) };
}

function stillSize(output: StillOutput, video: VideoStream): Dimensions {
  return fitPicture(video, output.size);
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

function required<Stream>(stream: Stream | undefined): Stream {
  if (stream === undefined) throw new Error('The output needs a stream that the source does not have');
  return stream;
}
