import { renditionFolder } from './adaptive/packaging';
import { expectedDurationSeconds } from './expected-duration';
import { chooseFrameRate } from './frame-rate';
import { outputFileName } from './output-files';
import type { Dimensions } from './picture-size';
import { fitPicture } from './picture-size';
import type { AdaptiveOutput, PresetOutput } from './preset';
import type { Probe, VideoStream } from './probe';
import { toSourceFacts } from './source-facts';
import { pictureSeconds, spacingOf, tileLayout } from './tile-plan';
import { soundRenditions } from './sound-rendition';
import { renditionLayout, videoRenditions } from './video-rendition';

/** What one output of a preset will be for a certain source, before anything is encoded. */
export interface Rendition {
  readonly output: Exclude<PresetOutput, AdaptiveOutput>;
  /** With `%03d` for the number where the output has several files; the folder of a stream of an adaptive one. */
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
  return outputs.flatMap(output =>
    output.kind === 'adaptive' ? foreseeAdaptive(output, probe) : [foresee(output, probe)],
  );
}

type SingleOutput = Exclude<PresetOutput, AdaptiveOutput>;

/** Each picture and sound stream of an adaptive output, as if it were a file of its own. */
function foreseeAdaptive(output: AdaptiveOutput, probe: Probe): Rendition[] {
  const { name, trim } = output;
  const metadata = { title: false, creationTime: false, chapters: false, language: true };
  const pictures = videoRenditions([output], probe).map(({ id, wanted }): SingleOutput => {
    return { kind: 'video', name: id, container: 'mp4', video: wanted, trim, metadata };
  });
  const sounds = soundRenditions(output, probe).map(({ id, wanted, track }): SingleOutput => {
    const number = probe.audioTracks.findIndex(({ index }) => index === track.index) + 1;
    const audio = { ...wanted, track: number === 0 ? undefined : { number } };
    return { kind: 'audio', name: id, container: 'm4a', audio, trim, metadata };
  });
  return [...pictures, ...sounds].map(single => ({
    ...foresee(single, probe),
    fileName: `${name}/${renditionFolder(single.name)}/`,
  }));
}

function foresee(output: SingleOutput, probe: Probe): Rendition {
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
  output: Exclude<SingleOutput, { kind: 'audio' | 'captions' }>,
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
