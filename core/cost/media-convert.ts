import type { Price } from '../prices/schema';
import type { Rendition } from '../rendition';

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
/** Frames per second, with room for 30.0003; above it the factor, likewise derived. */
const FASTEST_SINGLE_RATE = 30.1;
const FACTOR_ABOVE_SINGLE_RATE = 2;
const HD_FROM_SHORT_SIDE = 720;
const UHD_FROM_SHORT_SIDE = 1081;
/** Shorter outputs are billed as this. */
const MINIMUM_SECONDS = 10;

/**
 * What MediaConvert would take for the videos among the renditions; undefined where there are none, since what it takes
 * for sound alone and for stills is not known here. S3 and orchestration come on top.
 */
export function mediaConvertUsd(
  renditions: readonly Rendition[],
  tier: MediaConvertTier,
): number | undefined {
  const minutes = renditions.map(normalisedMinutes).filter(value => value !== undefined);
  return minutes.length === 0
    ? undefined
    : minutes.reduce((sum, value) => sum + value, 0) * MEDIA_CONVERT[tier].usd;
}

function normalisedMinutes(rendition: Rendition): number | undefined {
  const { picture, framesPerSecond, durationSeconds } = rendition;
  if (picture === undefined || framesPerSecond === undefined || durationSeconds === undefined)
    return undefined;
  const shortSide = Math.min(picture.width, picture.height);
  const pictureClass =
    shortSide >= UHD_FROM_SHORT_SIDE ? 'uhd' : shortSide >= HD_FROM_SHORT_SIDE ? 'hd' : 'sd';
  const rateFactor = framesPerSecond > FASTEST_SINGLE_RATE ? FACTOR_ABOVE_SINGLE_RATE : 1;
  return (Math.max(MINIMUM_SECONDS, durationSeconds) / 60) * FACTOR_BY_CLASS[pictureClass] * rateFactor;
}
