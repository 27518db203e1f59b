import type { Chunk } from '../../core/chunk';
import { planChunkEncode } from '../../core/chunk-encode-plan';
import type { CutPart } from '../../core/cut-part';
import { partFileName } from '../../core/cut-part';
import type { Probe } from '../../core/probe';
import type { Score } from '../../core/quality/score';
import { toScore } from '../../core/quality/score';
import type { QualityBench } from './choose-crfs';
import { measure } from './measure';

/**
 * Scores of the renditions of a chunk that have a quality target, by their id. A chunk is not encoded again: all of
 * them have to be encoded alike.
 */
export async function scoreChunk(
  bench: QualityBench,
  made: {
    readonly part: CutPart;
    readonly chunk: Chunk;
    readonly source: Probe;
    readonly lines: readonly string[];
  },
): Promise<Map<string, Score>> {
  const { part, chunk, source, lines } = made;
  const renditions = part.renditions.filter(({ wanted }) => wanted.quality.target !== undefined);
  const values = await measure(bench, renditions, {
    lines,
    fileName: partFileName,
    originals: some => planChunkEncode({ ...part, renditions: some }, chunk, source),
  });
  return new Map(
    renditions.flatMap(({ id, wanted: { quality } }) => {
      const value = values.get(id);
      return value === undefined || quality.target === undefined
        ? []
        : [[id, toScore(quality.target, { value, crf: quality.crf, rounds: 1 })] as const];
    }),
  );
}
