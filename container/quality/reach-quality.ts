import type { Findings } from '../../core/encode-plan';
import { planEncode } from '../../core/encode-plan';
import { excerptOf, readFromSeconds, seekOptions } from '../../core/excerpt';
import { outputFileName } from '../../core/output-files';
import type { PresetOutput } from '../../core/preset';
import type { Probe } from '../../core/probe';
import type { Originals } from '../../core/quality/comparison-plan';
import { originalsOf } from '../../core/quality/comparison-plan';
import type { Trial } from '../../core/quality/crf-search';
import { nextRound } from '../../core/quality/crf-search';
import type { Score } from '../../core/quality/score';
import { toScore } from '../../core/quality/score';
import type { QualityTarget } from '../../core/quality/target';
import { floorOf } from '../../core/quality/target';
import { canSeek } from '../../core/seekable';
import type { VideoRendition } from '../../core/video-rendition';
import { videoRenditions } from '../../core/video-rendition';
import type { QualityBench } from './choose-crfs';
import { measure } from './measure';

/** How often the whole is encoded at most. */
const MOST_ROUNDS = 3;

export interface Encoded {
  readonly outputs: readonly PresetOutput[];
  readonly source: Probe;
  /** What the outputs were planned with. */
  readonly findings: Findings;
  /** What the run that made them printed. */
  readonly lines: readonly string[];
}

interface Rung {
  readonly rendition: VideoRendition;
  readonly target: QualityTarget;
  /** What the whole came out as so far. */
  readonly rounds: Trial[];
  missedBecause?: Score['missedBecause'];
}

/**
 * Measures the outputs that have a quality target, and encodes those again that miss their floor, with a lower factor.
 * @returns scores by the id of the rendition
 */
export async function reachQuality(bench: QualityBench, encoded: Encoded): Promise<Map<string, Score>> {
  const { source } = encoded;
  const crfs = new Map(encoded.findings.crfs);
  const rungs = videoRenditions(encoded.outputs, source).flatMap((rendition): Rung[] => {
    const { target } = rendition.wanted.quality;
    return target === undefined ? [] : [{ rendition, target, rounds: [] }];
  });
  let { lines } = encoded;
  let open: readonly Rung[] = rungs;
  while (open.length > 0) {
    const measured = await measure(
      bench,
      open.map(({ rendition }) => rendition),
      { lines, fileName: fileOf, originals: some => originals(some, source, encoded.findings) },
    );
    open = open.filter(rung => {
      const score = measured.get(rung.rendition.id);
      const crf = crfs.get(rung.rendition.id) ?? rung.rendition.wanted.quality.crf;
      if (score === undefined) return false;
      rung.rounds.push({ crf, score });
      if (rung.rendition.output.kind === 'adaptive') {
        // Its segments are stored already.
        if (score < floorOf(rung.target)) rung.missedBecause = 'segments';
        return false;
      }
      const isCapped = rung.rendition.wanted.quality.maxBitrateKbps !== undefined;
      const next = nextRound(rung.rounds, rung.target, { mostRounds: MOST_ROUNDS, isCapped });
      if (next.kind === 'missed') rung.missedBecause = next.because;
      if (next.kind === 'again') crfs.set(rung.rendition.id, next.crf);
      return next.kind === 'again';
    });
    const again = encoded.outputs.filter(output => open.some(({ rendition }) => rendition.output === output));
    const { encode } = planEncode(again, source, { ...encoded.findings, crfs });
    if (encode !== undefined) lines = await bench.ffmpeg(encode);
  }
  return new Map(
    rungs.flatMap(({ rendition, target, rounds, missedBecause }) => {
      const last = rounds.at(-1);
      if (last === undefined) return [];
      const { crf, score: value } = last;
      return [[rendition.id, toScore(target, { value, crf, rounds: rounds.length, missedBecause })] as const];
    }),
  );
}

/** Segments are stored and gone as soon as they are made. */
function fileOf({ output }: VideoRendition): string | undefined {
  return output.kind === 'video' ? outputFileName(output) : undefined;
}

function originals(
  renditions: readonly VideoRendition[],
  source: Probe,
  { images }: Pick<Findings, 'images'>,
): Originals {
  const fromSeconds = readFromSeconds(
    renditions.map(({ output }) => excerptOf(output)),
    canSeek(source),
  );
  return originalsOf(renditions, source, { fromSeconds, images, inputOptions: seekOptions(fromSeconds) });
}
