import type { FfmpegPlan, PlannedFile } from '../encode-plan';
import { pictureGraph } from '../picture-graph';
import type { Probe, VideoStream } from '../probe';
import type { VideoRendition } from '../video-rendition';
import { renditionBranches, renditionOptions, withCrf } from '../video-rendition';
import { originalsOf, planComparison } from './comparison-plan';
import { isMeasuredByEncoder, metricOf } from './encoder-score';
import type { Place } from './sample-places';

/** A rendition encoded with a factor, to see how it comes out. */
export interface Candidate {
  readonly rendition: VideoRendition;
  readonly crf: number;
}

/** Encodes a place of the source with all candidates, from one decode. Those that are compared afterwards leave files. */
export function planSample(candidates: readonly Candidate[], place: Place, probe: Probe): FfmpegPlan {
  const video = required(probe.video);
  const renditions = renditionsOf(candidates);
  return {
    prints: true,
    inputOptions: readOptions(place),
    join: probe.join,
    filterGraph: [
      ...pictureGraph(renditionBranches(renditions, video, 0), video),
      ...renditions.map((rendition, index) => {
        const labels = candidates.flatMap((candidate, at) =>
          candidate.rendition.id === rendition.id ? [`[c${at}]`] : [],
        );
        return `[v${index}]split=${labels.length}${labels.join('')}`;
      }),
    ],
    files: candidates.map((candidate, index) => sampleFile(candidate, index, video)),
  };
}

/** Compares what the candidates left with the source; only those are given that are not measured by their encoder. */
export function planSampleComparison(
  candidates: readonly { readonly candidate: Candidate; readonly fileName: string }[],
  place: Place,
  probe: Probe,
): FfmpegPlan {
  const renditions = renditionsOf(candidates.map(({ candidate }) => candidate));
  return planComparison(
    candidates.map(({ candidate: { rendition }, fileName }) => ({
      fileName,
      branch: renditions.findIndex(({ id }) => id === rendition.id),
      metric: metricOf(rendition.wanted),
    })),
    originalsOf(renditions, probe, { fromSeconds: 0, images: new Map(), inputOptions: readOptions(place) }),
  );
}

/** File that a candidate leaves. */
export function sampleFileName(index: number): string {
  return `_sample-${index}.mp4`;
}

function sampleFile({ rendition, crf }: Candidate, index: number, video: VideoStream): PlannedFile {
  return {
    fileName: sampleFileName(index),
    options: [
      ...['-map', `[c${index}]`, ...renditionOptions(withCrf(rendition, crf), video)],
      ...['-f', isMeasuredByEncoder(rendition.wanted) ? 'null' : 'mp4'],
    ],
  };
}

/** Each rendition once, as it is of the whole source: the place is cut out where it is read. */
function renditionsOf(candidates: readonly Candidate[]): VideoRendition[] {
  const byId = new Map(candidates.map(({ rendition }) => [rendition.id, rendition]));
  return [...byId.values()].map(rendition => ({
    ...rendition,
    output: { ...rendition.output, trim: undefined, captions: undefined },
    // What is put on it makes little difference to how a picture is encoded.
    wanted: { ...rendition.wanted, watermark: undefined },
  }));
}

function readOptions({ fromSeconds, seconds }: Place): string[] {
  return [...(fromSeconds > 0 ? ['-ss', fromSeconds.toFixed(3)] : []), ...['-t', seconds.toFixed(3)]];
}

function required(video: VideoStream | undefined): VideoStream {
  if (video === undefined) throw new Error('Only a source with a picture can be tried');
  return video;
}
