import { expectedDurationSeconds } from './expected-duration';
import { chooseFrameRate } from './frame-rate';
import type { Dimensions } from './picture-size';
import { fitPicture } from './picture-size';
import type { PresetOutput } from './preset';
import { outputFileName } from './preset';
import type { Probe } from './probe';
import { toSourceFacts } from './probe';

/** What one output of a preset will be for a certain source, before anything is encoded. */
export interface Rendition {
  readonly output: PresetOutput;
  readonly fileName: string;
  /** Undefined for sound alone. */
  readonly picture?: Dimensions;
  /** Undefined for stills and sound. */
  readonly framesPerSecond?: number;
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
  if (output.kind === 'audio' || video === undefined) return { ...base, hasSound: audio !== undefined };
  if (output.kind === 'still') return { ...base, picture: fitPicture(video, output.size), hasSound: false };
  return {
    ...base,
    picture: fitPicture(video, output.video.size),
    framesPerSecond: chooseFrameRate(video, output.video.maxFrameRate).framesPerSecond,
    hasSound: output.audio !== undefined && audio !== undefined,
  };
}
