import type { JoinedPicture, SoundPart } from './assembly-plan';
import { copyOptions } from './assembly-plan';
import type { FfmpegPlan } from './encode-plan';
import { segmentedFile } from './encode-plan';
import type { AdaptiveOutput } from './preset';

/** Cuts the joined pictures and the sounds of an adaptive output into segments, as a whole encode would have made them. */
export function planPackage(
  output: AdaptiveOutput,
  {
    pictures,
    sounds,
  }: {
    readonly pictures: readonly JoinedPicture[];
    readonly sounds: readonly SoundPart[];
  },
): FfmpegPlan {
  return {
    inputOptions: ['-copyts'],
    madeInputs: [
      ...pictures.map(({ listFileName, inputOptions }) => ({
        fileName: listFileName,
        options: inputOptions,
      })),
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
