import type { FfmpegPlan } from '../encode-plan';
import type { Probe } from '../probe';
import { isTextCodec } from '../probe';
import { captionFacts } from './track';
import type { CaptionFacts } from '../report';

/** One track inside of the source, and the file that it is written to. */
export interface Extraction {
  readonly fileName: string;
  readonly facts: CaptionFacts;
}

export interface ExtractionPlan {
  readonly plan: FfmpegPlan;
  readonly tracks: readonly Extraction[];
}

/** One process that writes all captions inside of the source as text; undefined when there are none. */
export function planExtraction({ captionStreams }: Probe): ExtractionPlan | undefined {
  const streams = captionStreams.filter(({ codec }) => isTextCodec(codec));
  if (streams.length === 0) return undefined;
  const tracks = streams.map(stream => ({
    fileName: `_source-${stream.index}.txt`,
    facts: captionFacts(stream),
  }));
  return {
    tracks,
    plan: {
      // Picture and sound need not even be read, where the format has an index.
      inputOptions: ['-vn', '-an'],
      filterGraph: [],
      files: streams.map(({ index, codec }, place) => {
        const format = codec === 'ass' || codec === 'ssa' ? 'ass' : 'webvtt';
        return {
          fileName: tracks[place]?.fileName ?? '',
          options: ['-map', `0:${index}`, '-c:s', format, '-f', format],
        };
      }),
    },
  };
}
