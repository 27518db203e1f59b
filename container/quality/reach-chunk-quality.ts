import type { Chunk } from '../../core/chunk';
import { planChunkEncode } from '../../core/chunk-encode-plan';
import type { CutPart } from '../../core/cut-part';
import { partFileName } from '../../core/cut-part';
import type { Probe } from '../../core/probe';
import type { Score } from '../../core/quality/score';
import type { VideoRendition } from '../../core/video-rendition';
import type { QualityBench } from './choose-crfs';
import { measure } from './measure';
import { reachFloors } from './reach-floors';

/**
 * Measures the pictures of a chunk that have a quality target, and encodes those again that miss their floor: where
 * every chunk reaches it, the whole does.
 * @returns scores by the id of the rendition
 */
export async function reachChunkQuality(
  bench: QualityBench,
  made: {
    readonly part: CutPart;
    readonly chunk: Chunk;
    readonly source: Probe;
    readonly lines: readonly string[];
  },
): Promise<Map<string, Score>> {
  const { part, chunk, source, lines } = made;
  const plan = (renditions: readonly VideoRendition[]): ReturnType<typeof planChunkEncode> =>
    planChunkEncode({ ...part, renditions }, chunk, source);
  return reachFloors(
    { renditions: part.renditions, lines },
    {
      measure: (some, printed) =>
        measure(bench, some, { lines: printed, fileName: partFileName, originals: plan }),
      encodeAgain: some => bench.ffmpeg(plan(some)),
    },
  );
}
