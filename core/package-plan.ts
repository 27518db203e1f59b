import type { SoundPart } from './assembly-plan';
import { copyOptions } from './assembly-plan';
import type { FfmpegPlan } from './encode-plan';
import { partFileName } from './cut-part';
import { isHeldBack, segmentedFile } from './encode-plan';
import type { AdaptiveOutput } from './preset';
import type { Probe } from './probe';
import type { VideoRendition } from './video-rendition';
import { videoRenditions } from './video-rendition';

/** A picture that is encoded already, in a file of its own or a list of files. */
export interface EncodedPicture {
  readonly rendition: VideoRendition;
  readonly fileName: string;
  readonly inputOptions: readonly string[];
}

/** Cuts the pictures and the sounds of an adaptive output into segments, as a whole encode would have made them. */
export function planPackage(
  output: AdaptiveOutput,
  {
    pictures,
    sounds,
  }: {
    readonly pictures: readonly EncodedPicture[];
    readonly sounds: readonly SoundPart[];
  },
): FfmpegPlan {
  return {
    inputOptions: ['-copyts'],
    madeInputs: [
      ...pictures.map(({ fileName, inputOptions }) => ({ fileName, options: inputOptions })),
      ...sounds.map(({ fileName }) => ({ fileName, options: [] })),
    ],
    filterGraph: [],
    files: [
      ...pictures.map(({ rendition: { id, wanted } }, index) =>
        segmentedFile(output, id, ['-map', `${index}:v`, ...copyOptions(wanted)]),
      ),
      ...sounds.map(({ rendition: { id } }, index) =>
        segmentedFile(output, id, ['-map', `${pictures.length + index}:a`, '-c', 'copy']),
      ),
    ],
  };
}

/** Cuts those pictures of an output into segments that were made in one piece; none where there are no such. */
export function planHeldPackage(output: AdaptiveOutput, probe: Probe): FfmpegPlan[] {
  const pictures = videoRenditions([output], probe)
    .filter(isHeldBack)
    .map(rendition => ({ rendition, fileName: partFileName(rendition), inputOptions: [] }));
  return pictures.length === 0 ? [] : [planPackage(output, { pictures, sounds: [] })];
}
