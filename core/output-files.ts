import { DASH_MANIFEST, HLS_MASTER } from './adaptive/packaging';
import type { CaptionsOutput, PresetOutput, StoryboardOutput } from './preset';
import type { CaptionFacts } from './report';

const NUMBER_FIELD = '%03d';
const LANGUAGE_FIELD = '%l';
const IMAGE_EXTENSIONS = { jpeg: 'jpg', png: 'png', webp: 'webp' } as const;

/**
 * File name of an output below the job's output prefix; where it has several, with `%03d` for the number or `%l` for
 * the language of each, and of an adaptive one the playlist with which players begin.
 */
export function outputFileName(output: PresetOutput): string {
  switch (output.kind) {
    case 'video':
    case 'audio':
      return `${output.name}.${output.container}`;
    case 'adaptive':
      return `${output.name}/${HLS_MASTER}`;
    case 'still':
      return `${output.name}.${IMAGE_EXTENSIONS[output.format]}`;
    case 'clip':
      return `${output.name}.${output.format}`;
    case 'captions':
      return `${output.name}.${LANGUAGE_FIELD}.vtt`;
    case 'thumbnails':
    case 'storyboard':
      return `${output.name}-${NUMBER_FIELD}.${IMAGE_EXTENSIONS[output.format]}`;
  }
}

/** Whether it has as many files as the source has moments. */
export function hasSeveralFiles(output: PresetOutput): boolean {
  return output.kind === 'thumbnails' || output.kind === 'storyboard';
}

/** Name of the file of one of several tracks: `NAME.de.vtt`, `NAME.de.forced.vtt`; with a number where that is taken. */
export function captionFileName(
  output: CaptionsOutput,
  tracks: readonly CaptionFacts[],
  index: number,
): string {
  return outputFileName(output).replace(LANGUAGE_FIELD, captionVariants(tracks)[index] ?? '');
}

/** What tells captions apart in file names: `de`, `de.forced`, `en.sdh`; with a number where that is taken. */
export function captionVariants(tracks: readonly CaptionFacts[]): string[] {
  const variants = tracks.map(variantOf);
  return variants.map((variant, index) => {
    const before = variants.slice(0, index).filter(other => other === variant).length;
    return before === 0 ? variant : `${variant}-${before + 1}`;
  });
}

function variantOf({ language, forced, hearingImpaired }: CaptionFacts): string {
  return `${language}${forced === true ? '.forced' : ''}${hearingImpaired === true ? '.sdh' : ''}`;
}

/** Name of the n-th picture, the first is 1. */
export function numberedFileName(output: PresetOutput, number: number): string {
  return outputFileName(output).replace(NUMBER_FIELD, String(number).padStart(3, '0'));
}

/** Name of the map of a storyboard. */
export function mapFileName({ name }: StoryboardOutput): string {
  return `${name}.vtt`;
}

/**
 * The names that an output with so many pictures has, in order. Of an adaptive one those with which players begin; the
 * others stand in a list of their own.
 */
export function fileNames(output: PresetOutput, pictures: number): string[] {
  if (output.kind === 'adaptive') return [outputFileName(output), `${output.name}/${DASH_MANIFEST}`];
  if (!hasSeveralFiles(output)) return [outputFileName(output)];
  const numbered = Array.from({ length: pictures }, (_, index) => numberedFileName(output, index + 1));
  return output.kind === 'storyboard' ? [...numbered, mapFileName(output)] : numbered;
}

/** Whether two outputs could write the same file. */
export function sharesFileName(a: PresetOutput, b: PresetOutput): boolean {
  const [first, second] = [outputFileName(a), outputFileName(b)];
  if (first === second || isNumbered(first, second) || isNumbered(second, first)) return true;
  return isCaptionsOf(a, second) || isCaptionsOf(b, first);
}

/** The map of a storyboard could be called like captions in some language. */
function isCaptionsOf(output: PresetOutput, fileName: string): boolean {
  return output.kind === 'captions' && fileName.startsWith(`${output.name}.`) && fileName.endsWith('.vtt');
}

function isNumbered(pattern: string, fileName: string): boolean {
  const [before, after] = pattern.split(NUMBER_FIELD);
  if (before === undefined || after === undefined) return false;
  return (
    fileName.startsWith(before) &&
    fileName.endsWith(after) &&
    /^\d{3,}$/.test(fileName.slice(before.length, fileName.length - after.length))
  );
}
