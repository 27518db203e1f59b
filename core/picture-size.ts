import type { PictureSize } from './preset';

export interface Dimensions {
  readonly width: number;
  readonly height: number;
}

/**
 * Size of an output in pixels: the source as shown, scaled down in proportion to the wanted size.
 * Never scaled up; both sides are even, which 4:2:0 pictures need.
 */
export function fitPicture(source: Dimensions, size: PictureSize | undefined): Dimensions {
  const factor = Math.min(1, scaleFactor(source, size));
  return {
    width: evenSide(source.width * factor, source.width),
    height: evenSide(source.height * factor, source.height),
  };
}

function scaleFactor(source: Dimensions, size: PictureSize | undefined): number {
  if (size === undefined) return 1;
  if ('shortSide' in size) return size.shortSide / Math.min(source.width, source.height);
  return Math.min(size.boxWidth / source.width, size.boxHeight / source.height);
}

/** The nearest even number that is no larger than the source's side; at least 2. */
function evenSide(pixels: number, sourcePixels: number): number {
  const nearest = Math.round(pixels / 2) * 2;
  const largest = Math.floor(sourcePixels / 2) * 2;
  return Math.max(2, Math.min(nearest, largest));
}
