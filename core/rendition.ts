import { expectedDurationSeconds } from './expected-duration';
import { chooseFrameRate } from './frame-rate';
import { outputFileName } from './output-files';
import type { Dimensions } from './picture-size';
import { fitPicture } from './picture-size';
import type { PresetOutput } from './preset';
import type { Probe, VideoStream } from './probe';
import { toSourceFacts } from './probe';
import { pictureSeconds, spacingOf, tileLayout } from './tile-plan';
import { renditionLayout } from './video-rendition';

/** What one output of a preset will be for a certain source, before anything is encoded. */
export interface Rendition {
  readonly output: PresetOutput;
  /** With `%03d` for the number where the output has several files. */
  readonly fileName: string;
  /** Size of each picture; undefined for sound alone. */
  readonly picture?: Dimensions;
  /** Undefined for stills and sound. */
  readonly framesPerSecond?: number;
  /** Pictures of an output that is made of single ones. */
  readonly pictures?: number;
  readonly hasSound: boolean;
  /** Undefined for a still, and where the source does not say how long it lasts. */
  readonly durationSeconds?: number;
}

/** Outputs as they come out of the source. Rule out with `missingStream` that one needs what is not there. */
export function foreseeRenditions(outputs: readonly PresetOutput[], probe: Probe): Rendition[] {
  return outputs.map(output => foresee(output, probe));
}

function foresee(output: PresetOutput, probe: Probe): Rendition {
  const { video, audio, durationSeconds } = probe;
  const lasts =
    durationSeconds === undefined ? undefined : expectedDurationSeconds(toSourceFacts(probe), output);
  const base = {
    output,
    fileName: outputFileName(output),
    ...(lasts === undefined ? {} : { durationSeconds: lasts }),
  };
  if (output.kind === 'captions') return { ...base, hasSound: false };
  if (output.kind === 'audio' || video === undefined) return { ...base, hasSound: audio !== undefined };
  const hasSound = output.kind === 'video' && output.audio !== undefined && audio !== undefined;
  return { ...base, ...foreseePicture(output, probe, video), hasSound };
}

function foreseePicture(
  output: Exclude<PresetOutput, { kind: 'audio' | 'captions' }>,
  probe: Probe,
  video: VideoStream,
): Pick<Rendition, 'picture' | 'framesPerSecond' | 'pictures'> {
  switch (output.kind) {
    case 'video':
      return {
        picture: renditionLayout(output.video, video).final,
        framesPerSecond: chooseFrameRate(video, output.video.maxFrameRate).framesPerSecond,
      };
    case 'clip':
      return {
        picture: fitPicture(video, output.size),
        framesPerSecond: Math.min(output.maxFrameRate, chooseFrameRate(video, undefined).framesPerSecond),
      };
    case 'still':
      return { picture: fitPicture(video, output.size), pictures: 1 };
    case 'thumbnails':
    case 'storyboard':
      return {
        picture: tileLayout(output, video).final,
        pictures: spacingOf(output, pictureSeconds(probe)).count,
      };
  }
}
