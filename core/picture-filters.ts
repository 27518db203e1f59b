import type { Dimensions } from './picture-size';
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

/** How the colors of an SDR output of this source are tagged. */
export function outputColors(video: VideoStream): ColorTags {
  if (isHdr(video)) return BT709;
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

/** Filters that every output of the source needs, before any scaling to its own size. */
export function sourceFilters(video: VideoStream, largest: Dimensions): readonly string[] {
  const deinterlace = video.interlaced ? ['bwdif=mode=send_frame:deint=interlaced'] : [];
  return isHdr(video) ? [...deinterlace, ...toneMapping(largest)] : deinterlace;
}

/**
 * From PQ or HLG to BT.709. Done in floating point and therefore at the size of the largest output, not of the source.
 * Hable's curve darkens the middle tones; a nominal peak of 100 cd/m² makes up for it.
 */
function toneMapping({ width, height }: Dimensions): readonly string[] {
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

/** Scales to the size in square pixels, 8-bit 4:2:0 in limited range, with its colors tagged. */
export function scaleFilters(video: VideoStream, { width, height }: Dimensions): readonly string[] {
  const colors = outputColors(video);
  return [
    `scale=w=${width}:h=${height}:flags=lanczos:${matrices(video)}:out_range=tv`,
    'setsar=1',
    'format=yuv420p',
    `setparams=range=limited:colorspace=${colors.matrix}:color_primaries=${colors.primaries}:color_trc=${colors.transfer}`,
  ];
}

/** Scales to the size for a JPEG, which is full range by definition. */
export function stillFilters(video: VideoStream, size: Dimensions): readonly string[] {
  return [
    ...sourceFilters(video, size),
    `scale=w=${size.width}:h=${size.height}:flags=lanczos:${matrices(video, 'smpte170m')}:out_range=pc`,
    'setsar=1',
    'format=yuvj420p',
  ];
}

function matrices(video: VideoStream, output?: string): string {
  const own = outputColors(video).matrix;
  // A matrix that is not kept is known to the frames themselves.
  const input = isHdr(video) || KEPT_MATRICES.includes(video.matrix ?? own) ? own : 'auto';
  return `in_color_matrix=${input}:out_color_matrix=${output ?? own}`;
}
