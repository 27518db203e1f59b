import { excerptOf } from '../excerpt';
import type { VideoOutput } from '../preset';
import type { Probe } from '../probe';
import { firstCrfs } from '../quality/crf-search';
import { isMeasuredByEncoder, metricOf } from '../quality/encoder-score';
import { samplePlaces } from '../quality/sample-places';
import type { Rendition } from '../rendition';
import { pictureSeconds } from '../tile-plan';
import { ENCODE_TIMES, encodingTime, megapixels } from './encode-times';
import type { Range } from './range';
import { add, exactly, multiply, scale } from './range';

/** Rounds of sample encodes; each further one tries half as many factors as the first. An assumption. */
const SAMPLE_ROUNDS: Range = { least: 1, likely: 1.3, most: 3 };
/** How often a picture is encoded again because it misses its floor. An assumption. */
const AGAIN: Range = { least: 0, likely: 0.1, most: 1 };

/** A picture that has a quality target. */
interface Sought {
  readonly video: VideoOutput['video'];
  /** Megapixels of it, and of what it is made from. */
  readonly pixels: number;
  readonly sourcePixels: number;
  /** Part of it that is tried beforehand. */
  readonly sampled: number;
  readonly isScaled: boolean;
}

/**
 * CPU seconds beside the encode that quality targets take: samples, measuring, and encodes again.
 * @param seconds how long the source lasts
 */
export function qualitySeconds(renditions: readonly Rendition[], probe: Probe, seconds: number): Range {
  const sought = renditions.flatMap(rendition => soughtOf(rendition, probe, seconds));
  const [first] = sought;
  if (first === undefined) return exactly(0);
  // All are tried, and compared, from one decode.
  const decode = scale(ENCODE_TIMES.decode, first.sourcePixels);
  const isCompared = sought.some(({ video }) => !isMeasuredByEncoder(video));
  const passes = isCompared ? 2 : 1;
  return [
    multiply(SAMPLE_ROUNDS, scale(decode, first.sampled * passes)),
    isCompared ? decode : exactly(0),
    multiply(AGAIN, scale(decode, passes)),
    ...sought.map(picture =>
      [
        multiply(factorsTried(picture), scale(encodedOnce(picture), picture.sampled)),
        measured(picture),
        multiply(AGAIN, encodedOnce(picture)),
      ].reduce(add),
    ),
  ].reduce(add);
}

function soughtOf(
  { output, picture, framesPerSecond = 0, durationSeconds = 0 }: Rendition,
  probe: Probe,
  seconds: number,
): Sought[] {
  const { video } = probe;
  if (output.kind !== 'video' || output.video.quality.target === undefined) return [];
  if (picture === undefined || video === undefined || durationSeconds <= 0) return [];
  const places = samplePlaces(excerptOf(output), pictureSeconds(probe));
  const tried = places.reduce((sum, place) => sum + place.seconds, 0);
  return [
    {
      video: output.video,
      pixels: megapixels(picture) * framesPerSecond * durationSeconds,
      sourcePixels: megapixels(video) * video.frameRate * seconds,
      sampled: Math.min(1, tried / durationSeconds),
      isScaled: megapixels(picture) < megapixels(video),
    },
  ];
}

function factorsTried({ video }: Sought): Range {
  const first = firstCrfs(video.quality.crf).length;
  const tried = (rounds: number): number => first * (1 + (rounds - 1) / 2);
  const { least, likely, most } = SAMPLE_ROUNDS;
  return { least: tried(least), likely: tried(likely), most: tried(most) };
}

/** With what measuring it takes. */
function encodedOnce(picture: Sought): Range {
  return [scale(encodingTime(picture.video), picture.pixels), scaled(picture), measured(picture)].reduce(add);
}

/** Nothing where the encoder does it. */
function measured(picture: Sought): Range {
  if (isMeasuredByEncoder(picture.video)) return exactly(0);
  const compared = scale(
    add(ENCODE_TIMES.compare[metricOf(picture.video)], ENCODE_TIMES.decode),
    picture.pixels,
  );
  return add(compared, scaled(picture));
}

function scaled({ isScaled, sourcePixels }: Sought): Range {
  return isScaled ? scale(ENCODE_TIMES.scale, sourcePixels) : exactly(0);
}
