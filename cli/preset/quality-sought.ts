import { excerptOf } from '../../core/excerpt';
import type { PresetOutput } from '../../core/preset';
import type { Probe } from '../../core/probe';
import { HIGHEST_CRF, LOWEST_CRF, MOST_ENCODES } from '../../core/quality/crf-search';
import type { Place } from '../../core/quality/sample-places';
import { samplePlaces } from '../../core/quality/sample-places';
import type { QualityTarget } from '../../core/quality/target';
import { floorOf } from '../../core/quality/target';
import { pictureSeconds } from '../../core/tile-plan';
import { videoRenditions } from '../../core/video-rendition';

/** What is sought for a picture by trying, and within what bounds. */
export interface QualitySought {
  /** The output; `NAME@720p` for one size of an adaptive one. */
  readonly rendition: string;
  readonly metric: QualityTarget['metric'];
  /** What is aimed at, and the least with which it is not encoded again. */
  readonly score: number;
  readonly floor: number;
  /** Constant rate factors, on the scale of H.264. */
  readonly crf: { readonly from: number; readonly lowest: number; readonly highest: number };
  readonly maxBitrateKbps?: number | undefined;
  /** Parts of the source that are encoded beforehand. */
  readonly samples: readonly Place[];
}

export function qualitySought(outputs: readonly PresetOutput[], probe: Probe): QualitySought[] {
  return videoRenditions(outputs, probe).flatMap(({ id, output, wanted }) => {
    const { target, crf, maxBitrateKbps } = wanted.quality;
    if (target === undefined) return [];
    return [
      {
        ...{ rendition: id, metric: target.metric, score: target.score, floor: floorOf(target) },
        crf: { from: crf, lowest: LOWEST_CRF, highest: HIGHEST_CRF },
        maxBitrateKbps,
        samples: samplePlaces(excerptOf(output), pictureSeconds(probe)),
      },
    ];
  });
}

/** Empty where nothing is sought. */
export function qualityLines(sought: readonly QualitySought[]): string[] {
  if (sought.length === 0) return [];
  return [
    'The crf is chosen for this video, by encoding seconds of it with several:',
    ...sought.map(({ rendition, metric, score, floor, crf, maxBitrateKbps, samples }) => {
      const cap = maxBitrateKbps === undefined ? '' : `, at most ${maxBitrateKbps} kbit/s`;
      const places = samples.map(({ fromSeconds }) => fromSeconds.toFixed(0)).join(', ');
      return `  ${rendition}: ${metric} ${score}, no less than ${floor}; crf ${crf.lowest} to ${crf.highest}, from ${crf.from} on${cap}; tried at ${places} s`;
    }),
    `What comes out below the least is encoded again, ${MOST_ENCODES} times in all at most. The command shows where the search begins.`,
    '',
  ];
}
