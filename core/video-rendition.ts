import { cutFilters, excerptOf, isWhole } from './excerpt';
import type { FrameRateChoice } from './frame-rate';
import { chooseFrameRate, formatFrameRate, isBelievable, isVariable } from './frame-rate';
import { outputHdrMetadata } from './hdr-metadata';
import { outputColors, rescaleFilters, scaleFilters, turnFilters } from './picture-filters';
import type { PictureBranch } from './picture-graph';
import type { PictureLayout } from './picture-size';
import { layoutPicture } from './picture-size';
import { chooseRungs } from './adaptive/rungs';
import type { AdaptiveOutput, PresetOutput, VideoOutput, VideoSettings } from './preset';
import type { Probe, VideoStream } from './probe';
import { pictureOptions, pixelFormat } from './video-encoders';

/** One encoded picture stream of a job, whatever container it goes into. */
export interface VideoRendition {
  /** Safe in file names, and unique in the job: NAME of a video output, NAME@720p of one size of an adaptive one. */
  readonly id: string;
  /** The output that it is part of. */
  readonly output: VideoOutput | AdaptiveOutput;
  readonly wanted: VideoSettings;
}

/** All picture streams that are encoded for the outputs, in their order; the largest of an adaptive one first. */
export function videoRenditions(
  outputs: readonly PresetOutput[],
  { video }: Pick<Probe, 'video'>,
): VideoRendition[] {
  if (video === undefined) return [];
  return outputs.flatMap((output): VideoRendition[] => {
    switch (output.kind) {
      case 'video':
        return [{ id: output.name, output, wanted: output.video }];
      case 'adaptive':
        return chooseRungs(output, video).map(wanted => ({
          id: `${output.name}@${sizeName(wanted, video)}`,
          output,
          wanted,
        }));
      case 'audio':
      case 'still':
      case 'clip':
      case 'thumbnails':
      case 'storyboard':
      case 'captions':
        return [];
    }
  });
}

/** `720p`: what people call a size, by its shorter side. */
function sizeName(wanted: VideoSettings, video: VideoStream): string {
  const { width, height } = renditionLayout(wanted, video).final;
  return `${Math.min(width, height)}p`;
}

/** The same with another constant rate factor. */
export function withCrf(rendition: VideoRendition, crf: number): VideoRendition {
  const { wanted } = rendition;
  return { ...rendition, wanted: { ...wanted, quality: { ...wanted.quality, crf } } };
}

/** The same with the factors that were chosen for the source. @param crfs by the id of the rendition */
export function withCrfs(
  renditions: readonly VideoRendition[],
  crfs: ReadonlyMap<string, number> | undefined,
): VideoRendition[] {
  return renditions.map(rendition => {
    const crf = crfs?.get(rendition.id);
    return crf === undefined ? rendition : withCrf(rendition, crf);
  });
}

/**
 * What is done to the decoded picture for each of the renditions.
 * One that differs from a larger one by its size alone is scaled from that, which is cheaper and looks better.
 * @param fromSeconds second of the source at which reading begins
 */
export function renditionBranches(
  renditions: readonly VideoRendition[],
  video: VideoStream,
  fromSeconds: number,
): PictureBranch[] {
  const whole = renditions.map(rendition => wholeBranch(rendition, video, fromSeconds));
  return renditions.map((rendition, index) => {
    const branch = whole[index];
    if (branch === undefined) throw new Error('There is a branch for each rendition');
    const from = nearestLarger(whole, index, (a, b) =>
      differBySizeOnly([renditions[a], renditions[b]], [whole[a], whole[b]], video),
    );
    if (from === undefined) return branch;
    const { scaled } = renditionLayout(rendition.wanted, video);
    return { ...branch, from, early: [], late: rescaleFilters(scaled) };
  });
}

/** Options of the encoder: all that concerns the picture stream but its mapping. */
export function renditionOptions({ output, wanted }: VideoRendition, video: VideoStream): string[] {
  return pictureOptions(wanted, video, {
    size: renditionLayout(wanted, video).final,
    rate: renditionRate({ output, wanted }, video),
    colors: outputColors(video, wanted.hdr === 'keep'),
    hdrMetadata: outputHdrMetadata(video, wanted),
    isAligned: output.kind === 'adaptive',
    isRateLost: output.kind === 'adaptive' || !isWhole(excerptOf(output)),
  });
}

/** How the picture gets its size, turned as the preset wants it. */
export function renditionLayout(wanted: VideoSettings, video: VideoStream): PictureLayout {
  const shown = isTurned(wanted) ? { width: video.height, height: video.width } : video;
  return layoutPicture(shown, wanted.size);
}

/** Rate of an excerpt of a variable one, of which the rate tells nothing. */
const EXCERPT_FRAME_RATE = 30;

/** What happens to the frame rate of the source. */
export function renditionRate(
  { output, wanted }: Pick<VideoRendition, 'output' | 'wanted'>,
  video: VideoStream,
): FrameRateChoice {
  const { codec, maxFrameRate } = wanted;
  const choice = chooseFrameRate(video, maxFrameRate);
  if (choice.kind === 'steady') return choice;
  // SVT-AV1 counts frames from one key frame to the next: at a variable rate segments would last as they please.
  if (output.kind === 'adaptive' && codec === 'av1' && isVariable(video))
    return { kind: 'steady', framesPerSecond: choice.framesPerSecond };
  const believable = isBelievable(video.declaredFrameRate);
  if (excerptOf(output).endSeconds !== undefined && isVariable(video)) {
    // A frame that is held beyond the end of a cut would leave with its own length, whatever that is.
    const framesPerSecond = believable ? video.declaredFrameRate : EXCERPT_FRAME_RATE;
    return { kind: 'steady', framesPerSecond: Math.min(framesPerSecond, maxFrameRate ?? framesPerSecond) };
  }
  // Only x264 can be told another rate than that of the time stamps.
  return codec === 'h264' || believable
    ? choice
    : { kind: 'steady', framesPerSecond: choice.framesPerSecond };
}

/**
 * The first frame is shown from 0 on. Segments have no other way to tell of a picture that begins later than the sound:
 * players take what stands first for the beginning.
 */
const FROM_THE_BEGINNING = 'setpts=PTS*not(not(N))';

function wholeBranch(rendition: VideoRendition, video: VideoStream, fromSeconds: number): PictureBranch {
  const { output, wanted } = rendition;
  const layout = renditionLayout(wanted, video);
  const rate = renditionRate(rendition, video);
  const cut = cutFilters('video', excerptOf(output), fromSeconds);
  const keepHdr = wanted.hdr === 'keep';
  return {
    // A steady rate first: only then a frame that is held beyond a cut reaches up to it.
    early: [...rateFilters(rate), ...cut, ...(output.kind === 'adaptive' ? [FROM_THE_BEGINNING] : [])],
    late: [
      ...turnFilters(wanted.rotateDegrees),
      ...scaleFilters(video, { layout, pixelFormat: pixelFormat(wanted), keepHdr }),
    ],
    size: isTurned(wanted) ? { width: layout.scaled.height, height: layout.scaled.width } : layout.scaled,
    keepHdr,
  };
}

/** The smallest of those from which this one can be made; of two of the same size, the later is made of the earlier. */
function nearestLarger(
  branches: readonly PictureBranch[],
  index: number,
  canServe: (larger: number, smaller: number) => boolean,
): number | undefined {
  const pixels = (at: number): number => {
    const size = branches[at]?.size;
    return size === undefined ? 0 : size.width * size.height;
  };
  return branches
    .map((_, at) => at)
    .filter(
      at => at !== index && (pixels(at) > pixels(index) || (pixels(at) === pixels(index) && at < index)),
    )
    .filter(at => canServe(at, index))
    .sort((a, b) => pixels(a) - pixels(b) || b - a)[0];
}

function differBySizeOnly(
  [a, b]: readonly (VideoRendition | undefined)[],
  [branchA, branchB]: readonly (PictureBranch | undefined)[],
  video: VideoStream,
): boolean {
  if (a === undefined || b === undefined || branchA === undefined || branchB === undefined) return false;
  return (
    a.wanted.rotateDegrees === b.wanted.rotateDegrees &&
    pixelFormat(a.wanted) === pixelFormat(b.wanted) &&
    branchA.keepHdr === branchB.keepHdr &&
    branchA.early.join() === branchB.early.join() &&
    // A picture that is cut off or put on black is another one.
    [a, b].every(({ wanted }) => {
      const { scaled, final } = renditionLayout(wanted, video);
      return scaled.width === final.width && scaled.height === final.height;
    })
  );
}

function isTurned({ rotateDegrees }: VideoSettings): boolean {
  return rotateDegrees === 90 || rotateDegrees === 270;
}

function rateFilters(choice: FrameRateChoice): string[] {
  return choice.kind === 'steady' ? [`fps=fps=${formatFrameRate(choice.framesPerSecond)}`] : [];
}
