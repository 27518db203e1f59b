import type { AdaptiveOutput, VideoSettings } from '../preset';
import type { VideoStream } from '../probe';

type Rung = NonNullable<AdaptiveOutput['rungs']>[number];

/** Caps in kbit/s, for up to 30 frames a second; the encoders need them in the busiest scenes only. */
const H264_CAPS_KBPS = { 1080: 5000, 720: 2800, 480: 1400, 360: 800 } as const;
/** Bit rate over that of H.264 at the same quality. */
const CAP_SHARE: Readonly<Record<AdaptiveOutput['video']['codec'], number>> = {
  h264: 1,
  hevc: 0.65,
  av1: 0.55,
};
const DEFAULT_CRF = 23;
/** Twice as many frames differ less from each other: they need half as many bits again. */
const FAST_SHARE = 1.5;
const FAST_ABOVE_FRAMES_PER_SECOND = 31;
/** A size of the source's own is worth a rung if it is this much larger than the next one. */
const WORTH_A_RUNG = 1.1;

/**
 * Settings of the sizes that come out of a source, the largest first: none is larger than the source. Where the source
 * lies between two, the one above takes its size, unless that would hardly differ from the one below.
 */
export function chooseRungs(output: AdaptiveOutput, video: VideoStream): VideoSettings[] {
  const side = Math.min(video.width, video.height);
  const sorted = (output.rungs ?? defaultRungs(output, video)).toSorted((a, b) => b.shortSide - a.shortSide);
  const fitting = sorted.filter(({ shortSide }) => shortSide <= side);
  const above = sorted.filter(({ shortSide }) => shortSide > side).slice(-1);
  const [largest] = fitting;
  const isClose = largest !== undefined && side < largest.shortSide * WORTH_A_RUNG;
  return [...(isClose ? [] : above), ...fitting].map(({ shortSide, quality }) => ({
    ...output.video,
    profile: 'standard',
    size: { shortSide },
    quality,
  }));
}

function defaultRungs({ video: { codec, maxFrameRate } }: AdaptiveOutput, video: VideoStream): Rung[] {
  const framesPerSecond = Math.min(video.frameRate, maxFrameRate ?? video.frameRate);
  const share = CAP_SHARE[codec] * (framesPerSecond > FAST_ABOVE_FRAMES_PER_SECOND ? FAST_SHARE : 1);
  return Object.entries(H264_CAPS_KBPS).map(([shortSide, kbps]) => ({
    shortSide: Number(shortSide),
    quality: { crf: DEFAULT_CRF, maxBitrateKbps: Math.round((kbps * share) / 50) * 50 },
  }));
}
