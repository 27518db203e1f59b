import { burnInFilters } from './captions/burn-in';
import type { FfmpegPlan, PlannedFile } from './encode-plan';
import { isHdr, outputColors } from './picture-filters';
import type { PictureBranch } from './picture-graph';
import type { Dimensions } from './picture-size';
import type { PresetOutput, Watermark } from './preset';
import type { VideoStream } from './probe';
import { sourceFailure } from './source-failure';
import type { Failure } from './report';
import type { VideoRendition } from './video-rendition';
import { renditionLayout } from './video-rendition';
import { pixelFormat } from './video-encoders';

/** A picture to be put on others, as it was made ready in the folder of the order. */
export interface WatermarkImage extends Dimensions {
  readonly fileName: string;
}

/** By the id of the input. */
export type WatermarkImages = ReadonlyMap<string, WatermarkImage>;

/** Id of the input that is the image: that of the manifest, or one of the state bucket's presets folder. */
export function watermarkId({ image }: Pick<Watermark, 'image'>): string {
  return image === undefined ? 'watermark' : `watermark/${image}`;
}

/** All watermarks that the outputs have, once each. */
export function watermarkIds(outputs: readonly PresetOutput[]): string[] {
  const ids = outputs.flatMap(output =>
    (output.kind === 'video' || output.kind === 'adaptive') && output.video.watermark !== undefined
      ? [watermarkId(output.video.watermark)]
      : [],
  );
  return [...new Set(ids)];
}

/** Longest side that is kept of an image: no picture needs a larger one. */
const LONGEST_SIDE = 2048;
/** Pixels of an image at most. */
const MAX_PIXELS = 64 * 1024 ** 2;
const DEMUXERS = { PNG: 'png_pipe', JPEG: 'jpeg_pipe', WebP: 'webp_pipe' } as const;

/** Makes of whatever image a user names a small one of our own, with transparency, that is safe to read again and again. */
export function planCleanImage(
  file: { readonly fileName: string; readonly format: keyof typeof DEMUXERS },
  cleanFileName: string,
): FfmpegPlan {
  const side = `${LONGEST_SIDE}`;
  return {
    inputOptions: [],
    madeInputs: [
      { fileName: file.fileName, options: ['-max_pixels', String(MAX_PIXELS), '-f', DEMUXERS[file.format]] },
    ],
    filterGraph: [
      `[0:v]format=rgba,scale=w=min(${side}\\,iw):h=min(${side}\\,ih):force_original_aspect_ratio=decrease:flags=lanczos,format=rgba[v0]`,
    ],
    files: [
      {
        fileName: cleanFileName,
        options: [
          '-map',
          '[v0]',
          '-frames:v',
          '1',
          '-c:v',
          'png',
          '-map_metadata',
          '-1',
          '-f',
          'image2',
          '-update',
          '1',
        ],
      },
    ],
  };
}

export function watermarkFailure(fileName: string): Failure {
  return sourceFailure('WATERMARK_UNREADABLE', {
    message: `${fileName} can't be read as a picture, or has more than ${MAX_PIXELS / 1024 ** 2} megapixels.`,
    fix: 'Export it again as PNG, upload it under its key, and then the manifest.',
  });
}

/** The images as inputs of a plan, in their order. */
export function watermarkInputs(images: WatermarkImages): PlannedFile[] {
  return [...images.values()].map(({ fileName }) => ({ fileName, options: ['-f', 'png_pipe'] }));
}

/** Light of white on a screen that shows HDR, as a share of the largest code value: 203 cd/m², as subtitles have. */
const HDR_WHITE: Readonly<Record<string, number>> = { smpte2084: 0.58, 'arib-std-b67': 0.75 };
const OVERLAY_FORMATS: Readonly<Record<string, string>> = {
  yuv420p: 'yuv420',
  yuv420p10le: 'yuv420p10',
  yuv422p: 'yuv422',
  yuv422p10le: 'yuv422p10',
};

/**
 * The branches with all that their renditions want on the picture: watermark, then captions.
 * Smaller sizes are made of what has none yet.
 */
export function finishBranches(
  branches: readonly PictureBranch[],
  renditions: readonly VideoRendition[],
  { video, images }: { video: VideoStream; images: WatermarkImages },
): PictureBranch[] {
  return branches.map((branch, index) => {
    const rendition = renditions[index];
    if (rendition === undefined) return branch;
    const last = burnInFilters(rendition);
    const { wanted } = rendition;
    if (wanted.watermark === undefined) return last.length === 0 ? branch : { ...branch, last };
    const id = watermarkId(wanted.watermark);
    const image = images.get(id);
    if (image === undefined) throw new Error(`There is no image ${id}`);
    const place = placeOf(wanted.watermark, image, renditionLayout(wanted, video).final);
    const overlay = {
      input: [...images.keys()].indexOf(id) + 1,
      filters: imageFilters(wanted.watermark, { place, video, keepHdr: branch.keepHdr }),
      options: `x=${place.x}:y=${place.y}:format=${OVERLAY_FORMATS[pixelFormat(wanted)] ?? 'auto'}`,
    };
    return { ...branch, overlay, last };
  });
}

interface Place extends Dimensions {
  readonly x: number;
  readonly y: number;
}

/** Size and place of the image on a picture, by the picture's shorter side, so that it looks the same in all of them. */
export function placeOf(watermark: Watermark, image: Dimensions, picture: Dimensions): Place {
  const unit = Math.min(picture.width, picture.height) / 100;
  const margin = Math.round(watermark.marginPercent * unit);
  const room = { width: picture.width - 2 * margin, height: picture.height - 2 * margin };
  const factor = Math.min(
    (watermark.sizePercent * unit) / Math.max(image.width, image.height),
    room.width / image.width,
    room.height / image.height,
  );
  const width = Math.max(1, Math.round(image.width * factor));
  const height = Math.max(1, Math.round(image.height * factor));
  const { position } = watermark;
  const x = /left/i.test(position)
    ? margin
    : /right/i.test(position)
      ? picture.width - width - margin
      : Math.round((picture.width - width) / 2);
  const y = /top/i.test(position)
    ? margin
    : /bottom/i.test(position)
      ? picture.height - height - margin
      : Math.round((picture.height - height) / 2);
  return { width, height, x, y };
}

function imageFilters(
  { opacityPercent }: Watermark,
  { place, video, keepHdr }: { place: Place; video: VideoStream; keepHdr: boolean },
): string[] {
  const white = keepHdr && isHdr(video) ? HDR_WHITE[video.transfer ?? ''] : undefined;
  const channels = [
    ...(white === undefined ? [] : [`rr=${white}:gg=${white}:bb=${white}`]),
    ...(opacityPercent === 100 ? [] : [`aa=${opacityPercent / 100}`]),
  ];
  const { matrix } = outputColors(video, keepHdr);
  return [
    'format=rgba',
    ...(channels.length === 0 ? [] : [`colorchannelmixer=${channels.join(':')}`]),
    `scale=w=${place.width}:h=${place.height}:flags=lanczos:out_color_matrix=${matrix === 'bt2020nc' ? 'bt2020' : matrix}:out_range=tv`,
    'format=yuva444p',
  ];
}
