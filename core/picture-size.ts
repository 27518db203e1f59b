import type { PictureSize } from './preset';

export interface Dimensions {
  readonly width: number;
  readonly height: number;
}

/** How a picture gets its size: scaled first, then cut off or put on black. */
export interface PictureLayout {
  readonly scaled: Dimensions;
  readonly final: Dimensions;
}

/**
 * Size of an output in pixels: the source as shown, scaled down in proportion to the wanted size.
 * Never scaled up; both sides are even, which 4:2:0 pictures need.
 */
export function fitPicture(source: Dimensions, size: PictureSize | undefined): Dimensions {
  return layoutPicture(source, size).final;
}

/** As `fitPicture`, with the steps that lead there. */
export function layoutPicture(source: Dimensions, size: PictureSize | undefined): PictureLayout {
  if (size !== undefined && 'boxWidth' in size) {
    const box = { width: evenFloor(size.boxWidth), height: evenFloor(size.boxHeight) };
    if (size.fit === 'crop') return fillBox(source, box);
    if (size.fit === 'pad') return { scaled: scaleDown(source, insideFactor(source, box)), final: box };
  }
  const scaled = scaleDown(source, scaleFactor(source, size));
  return { scaled, final: scaled };
}

/** A source that is smaller than the box gives a smaller picture of the same shape. */
function fillBox(source: Dimensions, box: Dimensions): PictureLayout {
  const factor = Math.max(box.width / source.width, box.height / source.height);
  if (factor < 1) {
    // Rounded up: a pixel less than the box could not be cut to it.
    const scaled = { width: evenCeil(source.width * factor), height: evenCeil(source.height * factor) };
    return { scaled, final: box };
  }
  const shrink = insideFactor(box, source);
  return {
    scaled: scaleDown(source, 1),
    final: {
      width: Math.max(2, evenFloor(box.width * shrink)),
      height: Math.max(2, evenFloor(box.height * shrink)),
    },
  };
}

function scaleFactor(source: Dimensions, size: PictureSize | undefined): number {
  if (size === undefined) return 1;
  if ('shortSide' in size) return size.shortSide / Math.min(source.width, source.height);
  return insideFactor(source, { width: size.boxWidth, height: size.boxHeight });
}

function insideFactor(picture: Dimensions, box: Dimensions): number {
  return Math.min(box.width / picture.width, box.height / picture.height);
}

function scaleDown(source: Dimensions, factor: number): Dimensions {
  const limited = Math.min(1, factor);
  return {
    width: evenSide(source.width * limited, source.width),
    height: evenSide(source.height * limited, source.height),
  };
}

/** The nearest even number that is no larger than the source's side; at least 2. */
function evenSide(pixels: number, sourcePixels: number): number {
  const nearest = Math.round(pixels / 2) * 2;
  return Math.max(2, Math.min(nearest, evenFloor(sourcePixels)));
}

// A hair's breadth off by floating point must not cost two pixels.
const evenFloor = (pixels: number): number => Math.floor(pixels / 2 + 1e-6) * 2;
const evenCeil = (pixels: number): number => Math.ceil(pixels / 2 - 1e-6) * 2;
