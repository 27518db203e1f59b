import type { FrameRateChoice } from './frame-rate';
import { exactFrameRate, formatFrameRate, isBelievable } from './frame-rate';
import type { HdrMetadata } from './hdr-metadata';
import { svtHdrParameters, x265HdrParameters } from './hdr-metadata';
import type { ColorTags } from './picture-filters';
import type { Dimensions } from './picture-size';
import type { VideoSettings } from './preset';
import type { VideoStream } from './probe';
import { x264MeasuringOptions, x265MeasuringParameters } from './quality/encoder-score';

/** Seconds between key frames: what seeking and segments go by. */
export const GOP_SECONDS = 2;
/** The bit rate cap holds over this time, as players buffer. */
export const CAP_WINDOW_SECONDS = 2;
/** SVT-AV1 refuses a picture with a shorter side; libaom takes any. */
const SMALLEST_SVT_SIDE = 64;

export interface PictureToEncode {
  readonly size: Dimensions;
  readonly rate: FrameRateChoice;
  readonly colors: ColorTags;
  /** Absent: the picture goes without. libaom can't write it. */
  readonly hdrMetadata?: HdrMetadata | undefined;
  /** Key frames at the wanted times only, as all sizes of an adaptive output must have them. */
  readonly isAligned: boolean;
  /** Filters change the times of frames: ffmpeg does not know any more how many there are in a second, and goes by the finest time that it can tell apart. */
  readonly isRateLost: boolean;
}

type Speed = VideoSettings['speed'];
type SpeedScale = Readonly<Record<Speed, string>>;

const SVT_PRESETS: SpeedScale = {
  ultrafast: '12',
  superfast: '11',
  veryfast: '10',
  faster: '9',
  fast: '8',
  medium: '7',
  slow: '5',
  slower: '4',
};
const VPX_CPU_USED: SpeedScale = {
  ultrafast: '8',
  superfast: '7',
  veryfast: '5',
  faster: '4',
  fast: '3',
  medium: '2',
  slow: '1',
  slower: '0',
};
const AOM_CPU_USED: SpeedScale = { ...VPX_CPU_USED, ultrafast: '8', superfast: '8', veryfast: '6' };

/** Pixel format in which the encoder gets the picture. */
export function pixelFormat({ codec, bitDepth }: VideoSettings): string {
  if (codec === 'prores') return 'yuv422p10le';
  if (codec === 'dnxhr') return 'yuv422p';
  return bitDepth === 10 ? 'yuv420p10le' : 'yuv420p';
}

/** All options of a video stream but its mapping. */
export function pictureOptions(
  wanted: VideoSettings,
  video: VideoStream,
  picture: PictureToEncode,
): string[] {
  const { colors } = picture;
  return [
    ...encoderOptions(wanted, picture),
    ...timingOptions(wanted, video, picture),
    ...['-color_range', 'tv', '-colorspace', colors.matrix],
    ...['-color_primaries', colors.primaries, '-color_trc', colors.transfer],
  ];
}

function encoderOptions(wanted: VideoSettings, picture: PictureToEncode): string[] {
  const { rate, size, isAligned } = picture;
  const { speed, quality } = wanted;
  const gop = ['-g', String(Math.max(2, Math.ceil(rate.framesPerSecond * GOP_SECONDS)))];
  const keyFrames = [...gop, '-force_key_frames', `expr:gte(t,n_forced*${GOP_SECONDS})`];
  const cap = capOptions(quality.maxBitrateKbps);
  switch (wanted.codec) {
    case 'h264':
      return [
        ...['-c:v', 'libx264', '-preset', speed, '-profile:v', 'high', '-crf', String(quality.crf)],
        ...x264MeasuringOptions(wanted),
        ...(isAligned ? ['-sc_threshold', '0'] : []),
        ...cap,
        ...keyFrames,
      ];
    case 'hevc':
      return [
        ...['-c:v', 'libx265', '-preset', speed, '-crf', crf('hevc', quality.crf)],
        // Apple's players take this tag only; each group of pictures can be decoded by itself.
        ...['-tag:v', 'hvc1', '-forced-idr', '1'],
        ...['-x265-params', x265Parameters(wanted, picture).join(':')],
        ...cap,
        ...keyFrames,
      ];
    case 'av1':
      return Math.min(size.width, size.height) < SMALLEST_SVT_SIDE
        ? [
            ...['-c:v', 'libaom-av1', '-cpu-used', AOM_CPU_USED[speed], '-row-mt', '1'],
            ...['-crf', crf('av1', quality.crf), '-b:v', '0', ...gop],
          ]
        : [
            ...['-c:v', 'libsvtav1', '-preset', SVT_PRESETS[speed]],
            ...['-crf', crf('av1', quality.crf), ...cap, ...gop],
            ...svtOptions(picture),
          ];
    case 'vp9':
      return [
        ...['-c:v', 'libvpx-vp9', '-deadline', 'good', '-cpu-used', VPX_CPU_USED[speed], '-row-mt', '1'],
        ...['-crf', crf('vp9', quality.crf)],
        // Zero stands for no cap; without it the encoder aims at 200 kbit/s.
        ...['-b:v', quality.maxBitrateKbps === undefined ? '0' : `${quality.maxBitrateKbps}k`],
        ...cap,
        ...keyFrames,
      ];
    case 'prores':
      return [
        '-c:v',
        'prores_ks',
        '-profile:v',
        wanted.profile === 'high' ? 'hq' : 'standard',
        '-vendor',
        'apl0',
      ];
    case 'dnxhr':
      return ['-c:v', 'dnxhd', '-profile:v', wanted.profile === 'high' ? 'dnxhr_hq' : 'dnxhr_sq'];
  }
}

function svtOptions({ rate, isRateLost, hdrMetadata = {} }: PictureToEncode): string[] {
  const parameters = [...(isRateLost ? svtRate(rate) : []), ...svtHdrParameters(hdrMetadata)];
  return parameters.length === 0 ? [] : ['-svtav1-params', parameters.join(':')];
}

function svtRate({ framesPerSecond }: FrameRateChoice): string[] {
  const { num, den } = exactFrameRate(framesPerSecond);
  return [`fps-num=${num}`, `fps-denom=${den}`];
}

function x265Parameters(
  wanted: VideoSettings,
  { isAligned, isRateLost, rate, hdrMetadata = {} }: PictureToEncode,
): string[] {
  return [
    ...[...x265MeasuringParameters(wanted), 'open-gop=0'],
    ...(isAligned ? ['scenecut=0'] : []),
    ...(isRateLost ? [`fps=${formatFrameRate(rate.framesPerSecond)}`] : []),
    ...x265HdrParameters(hdrMetadata),
    // Its settings would stand in the header, and parts of different factors must have the same.
    ...(mayDifferInCrf(wanted) ? ['info=0'] : []),
  ];
}

/** Whether parts of the picture may be encoded with other factors than the rest. */
function mayDifferInCrf({ quality }: VideoSettings): boolean {
  return quality.target !== undefined;
}

function capOptions(maxBitrateKbps: number | undefined): string[] {
  if (maxBitrateKbps === undefined) return [];
  return ['-maxrate', `${maxBitrateKbps}k`, '-bufsize', `${maxBitrateKbps * CAP_WINDOW_SECONDS}k`];
}

/**
 * Steps by which another encoder's factor is higher than that of x264 for a picture of the same SSIM, around crf 25:
 * the median of what `npm run bench -- crf` measured on animation and camera footage.
 */
export const CRF_SHIFTS = { hevc: 2, av1: 13, vp9: 9 } as const;
const HIGHEST_CRFS = { hevc: 51, av1: 63, vp9: 63 } as const;

/** The factor at which another encoder makes about the picture that x264 makes at this one. */
function crf(codec: keyof typeof CRF_SHIFTS, ofH264: number): string {
  return String(Math.min(HIGHEST_CRFS[codec], ofH264 + CRF_SHIFTS[codec]));
}

function timingOptions(
  wanted: VideoSettings,
  video: VideoStream,
  { rate, isRateLost }: PictureToEncode,
): string[] {
  const isSteady = rate.kind === 'steady';
  const x264Parameters = [
    // The header must not depend on the factor.
    ...(mayDifferInCrf(wanted) ? ['stitchable=1'] : []),
    // x264 takes the declared rate for the level that it claims; tens of thousands a second would make it absurd.
    ...((isSteady || isBelievable(video.declaredFrameRate)) && !isRateLost
      ? []
      : [`fps=${formatFrameRate(rate.framesPerSecond)}`]),
  ];
  return [
    ...['-fps_mode', 'vfr'],
    // Frames keep their own times, in the source's unit: any other rounds them.
    ...(isSteady ? [] : ['-enc_time_base:v', video.timeBase]),
    ...(isRateLost ? ['-bsf:v', frameLengths(rate)] : []),
    ...(wanted.codec === 'h264' && x264Parameters.length > 0
      ? ['-x264-params', x264Parameters.join(':')]
      : []),
  ];
}

/**
 * Gives frames a length that have none, as all have in ffmpeg 7 whose times were changed: the last one would be shown
 * for no time at all, and players leave it out.
 */
export function frameLengths({ framesPerSecond }: Pick<FrameRateChoice, 'framesPerSecond'>): string {
  const { num, den } = exactFrameRate(framesPerSecond);
  return `setts=pts=PTS:dts=DTS:duration=if(gt(DURATION\\,0)\\,DURATION\\,round(${den}/${num}/TB))`;
}
