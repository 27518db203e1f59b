import type { Dimensions, PictureLayout } from './picture-size';
import type { StillOutput, VideoSettings } from './preset';
import type { VideoStream } from './probe';

/** Color description of a limited-range output, in ffmpeg's names. */
export interface ColorTags {
  readonly matrix: string;
  readonly primaries: string;
  readonly transfer: string;
}

const BT709: ColorTags = { matrix: 'bt709', primaries: 'bt709', transfer: 'bt709' };
const HDR_TRANSFERS: readonly string[] = ['smpte2084', 'arib-std-b67'];
/** Matrices that an output keeps: converting between them costs more than scaling and gains nothing. */
const KEPT_MATRICES: readonly string[] = ['bt709', 'smpte170m', 'bt470bg'];
const KEPT_PRIMARIES: readonly string[] = ['bt709', 'smpte170m', 'bt470bg', 'bt470m'];
const KEPT_TRANSFERS: readonly string[] = ['bt709', 'smpte170m', 'gamma22', 'gamma28', 'iec61966-2-1'];
/** From this height on players take an untagged picture for BT.709, below for BT.601. */
const HD_SHORT_SIDE = 720;

/** PQ or HLG: a picture that looks grey and dull unless it is tone-mapped. */
export function isHdr(video: VideoStream): boolean {
  return HDR_TRANSFERS.includes(video.transfer ?? '');
}

/** How the colors of an output of this source are tagged. @param keepHdr leaves HDR as it is */
export function outputColors(video: VideoStream, keepHdr = false): ColorTags {
  if (isHdr(video)) {
    return keepHdr ? { matrix: 'bt2020nc', primaries: 'bt2020', transfer: video.transfer ?? '' } : BT709;
  }
  const assumed = Math.min(video.width, video.height) >= HD_SHORT_SIDE ? 'bt709' : 'smpte170m';
  const matrix = video.matrix ?? assumed;
  if (!KEPT_MATRICES.includes(matrix)) return BT709;
  return {
    matrix,
    primaries: kept(video.primaries, KEPT_PRIMARIES) ?? matrix,
    transfer: kept(video.transfer, KEPT_TRANSFERS) ?? (matrix === 'bt709' ? 'bt709' : 'smpte170m'),
  };
}

function kept(value: string | undefined, allowed: readonly string[]): string | undefined {
  return value !== undefined && allowed.includes(value) ? value : undefined;
}

/** Whole frames of a source that has fields. */
export function deinterlacing(video: VideoStream): readonly string[] {
  return video.interlaced ? ['bwdif=mode=send_frame:deint=interlaced'] : [];
}

/** Filters that every SDR output of the source needs, before any scaling to its own size. */
export function sourceFilters(video: VideoStream, largest: Dimensions): readonly string[] {
  return isHdr(video) ? [...deinterlacing(video), ...toneMapping(largest)] : deinterlacing(video);
}

/**
 * From PQ or HLG to BT.709. Done in floating point and therefore at the size of the largest output, not of the source.
 * Hable's curve darkens the middle tones; a nominal peak of 100 cd/m² makes up for it.
 */
export function toneMapping({ width, height }: Dimensions): readonly string[] {
  return [
    `zscale=w=${width}:h=${height}:f=lanczos:t=linear:npl=100`,
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=tonemap=hable:desat=0',
    'zscale=t=bt709:m=bt709:r=limited',
    'format=yuv420p',
    // The brightness of the mastering display says nothing of what is left.
    'sidedata=mode=delete',
  ];
}

export interface PictureTarget {
  readonly layout: PictureLayout;
  readonly pixelFormat: string;
  /** Leaves an HDR source as it is. */
  readonly keepHdr: boolean;
  /** Colors that a picture without HDR gets. Absent: those that an output of its own would have. */
  readonly colors?: ColorTags;
}

/** Brings a picture to its size in square pixels and limited range, with its colors tagged. */
export function scaleFilters(video: VideoStream, target: PictureTarget): readonly string[] {
  const colors = target.colors ?? outputColors(video, target.keepHdr);
  const { scaled } = target.layout;
  const conversion = target.keepHdr && isHdr(video) ? HDR_MATRICES : matrices(video, target.colors?.matrix);
  return [
    `scale=w=${scaled.width}:h=${scaled.height}:flags=lanczos:${conversion}:out_range=tv`,
    ...boxFilters(target.layout),
    'setsar=1',
    `format=${target.pixelFormat}`,
    `setparams=range=limited:colorspace=${colors.matrix}:color_primaries=${colors.primaries}:color_trc=${colors.transfer}`,
  ];
}

/** Scales a picture that `scaleFilters` has made further down: its format and colors are as they shall be. */
export function rescaleFilters({ width, height }: Dimensions): readonly string[] {
  return [`scale=w=${width}:h=${height}:flags=lanczos`, 'setsar=1'];
}

const HDR_MATRICES = 'in_color_matrix=bt2020:out_color_matrix=bt2020';

/** Cuts off what sticks out of the final size, or puts the picture on black in its middle. */
function boxFilters({ scaled, final }: PictureLayout): readonly string[] {
  if (final.width < scaled.width || final.height < scaled.height)
    return [`crop=w=${final.width}:h=${final.height}`];
  if (final.width > scaled.width || final.height > scaled.height)
    return [`pad=w=${final.width}:h=${final.height}:x=(ow-iw)/2:y=(oh-ih)/2`];
  return [];
}

const TURNS: Readonly<Record<VideoSettings['rotateDegrees'], readonly string[]>> = {
  0: [],
  90: ['transpose=dir=clock'],
  180: ['hflip', 'vflip'],
  270: ['transpose=dir=cclock'],
};

/** A clockwise turn. */
export function turnFilters(degrees: VideoSettings['rotateDegrees']): readonly string[] {
  return TURNS[degrees];
}

/** Brings a picture to its size as an image file has it: in BT.601, or as RGB; JPEG is full range by definition. */
export function imageFilters(
  video: VideoStream,
  { layout, format }: { layout: PictureLayout; format: StillOutput['format'] },
): readonly string[] {
  const { width, height } = layout.scaled;
  const [range, pixels] = IMAGE_PIXELS[format];
  return [
    `scale=w=${width}:h=${height}:flags=lanczos:${matrices(video, 'smpte170m')}:out_range=${range}`,
    ...boxFilters(layout),
    'setsar=1',
    `format=${pixels}`,
  ];
}

const IMAGE_PIXELS: Readonly<Record<StillOutput['format'], readonly [range: string, pixels: string]>> = {
  jpeg: ['pc', 'yuvj420p'],
  png: ['pc', 'rgb24'],
  webp: ['tv', 'yuv420p'],
};

function matrices(video: VideoStream, output?: string): string {
  const own = outputColors(video).matrix;
  // A matrix that is not kept is known to the frames themselves.
  const input = isHdr(video) || KEPT_MATRICES.includes(video.matrix ?? own) ? own : 'auto';
  return `in_color_matrix=${input}:out_color_matrix=${output ?? own}`;
}
