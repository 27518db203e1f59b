import { fitPicture } from '../picture-size';
import type { Preset, VideoOutput } from '../preset';
import type { Price } from '../prices/schema';
import type { SourceShape } from './encode-speed';
import { outputFrameRate } from './encode-speed';

/**
 * AWS Elemental MediaConvert on demand, H.264, first tier of volume, USD for one normalised minute. Values seen of US
 * regions: they stand for all. The Basic tier does single-pass H.264, which is what Spotreel does.
 */
export const MEDIA_CONVERT: Readonly<Record<MediaConvertTier, Price>> = {
  basic: {
    usd: 0.0075,
    source:
      'https://aws.amazon.com/mediaconvert/pricing/, us-east-2, first 100,000 normalised minutes, as quoted in public notes; agrees with 0.015 (SD) and 0.03 (HD) up to 60 fps of https://gist.github.com/0xdeepmehta/2c2f548b19e29ed71e30492c1587770b (2021)',
    date: '2026-11-24',
    basis: 'quoted',
  },
  professional: {
    usd: 0.012,
    source:
      'https://github.com/aws-solutions-library-samples/video-on-demand-on-aws/issues/90, us-west-2, single-pass HQ up to 30 fps: 0.012 SD, 0.024 HD; also in public notes that quote the pricing page',
    date: '2020-07-04',
    basis: 'quoted',
  },
};

export type MediaConvertTier = 'basic' | 'professional';

/** Normalised minutes for a minute of output; beyond HD derived from the 2021 rates, which double for each step. */
const FACTOR_BY_CLASS = { sd: 1, hd: 2, uhd: 4 } as const;
/** Above 30 frames a second, likewise derived. */
const FACTOR_ABOVE_30_FPS = 2;
const HD_FROM_SHORT_SIDE = 720;
const UHD_FROM_SHORT_SIDE = 1081;
/** Shorter outputs are billed as this. */
const MINIMUM_SECONDS = 10;

/**
 * What MediaConvert would take for the videos of a preset; undefined where the preset makes none, since what it takes
 * for sound alone and for stills is not known here. S3 and orchestration come on top.
 */
export function mediaConvertUsd(
  source: SourceShape,
  { outputs }: Pick<Preset, 'outputs'>,
  tier: MediaConvertTier,
): number | undefined {
  const videos = outputs.filter(output => output.kind === 'video');
  if (videos.length === 0 || source.video === undefined) return undefined;
  const normalisedMinutes = videos.reduce((sum, output) => sum + minutesOf(source, output), 0);
  return normalisedMinutes * MEDIA_CONVERT[tier].usd;
}

function minutesOf(source: SourceShape, output: VideoOutput): number {
  if (source.video === undefined) return 0;
  const { width, height } = fitPicture(source.video, output.video.size);
  const shortSide = Math.min(width, height);
  const pictureClass =
    shortSide >= UHD_FROM_SHORT_SIDE ? 'uhd' : shortSide >= HD_FROM_SHORT_SIDE ? 'hd' : 'sd';
  const rateFactor = outputFrameRate(source, output) > 30 ? FACTOR_ABOVE_30_FPS : 1;
  return (
    (Math.max(MINIMUM_SECONDS, source.durationSeconds) / 60) * FACTOR_BY_CLASS[pictureClass] * rateFactor
  );
}
