import type { FfmpegPlan, Findings } from '../../core/encode-plan';
import { planEncode } from '../../core/encode-plan';
import { planHeldPackage } from '../../core/package-plan';
import type { PresetOutput } from '../../core/preset';
import type { Probe } from '../../core/probe';
import type { Score } from '../../core/quality/score';
import type { AdaptiveJob } from '../adaptive/adaptive-job';
import { whileStoring } from '../adaptive/adaptive-job';
import type { EncodeProgress } from '../media/progress';
import type { QualityBench } from '../quality/choose-crfs';
import { reachQuality } from '../quality/reach-quality';

/** What a source is encoded with from its beginning to its end. */
export interface EncodeBench extends QualityBench {
  ffmpeg(
    plan: FfmpegPlan,
    options?: {
      /** Stop this run. */
      readonly failed?: readonly AbortSignal[];
      readonly onProgress?: (progress: EncodeProgress) => void;
    },
  ): Promise<readonly string[]>;
}

/**
 * Makes all outputs for which the source is decoded from end to end. Those with a quality target are measured, and
 * encoded again where they miss it; pictures of adaptive outputs become segments after that.
 * @returns scores by the id of the rendition
 */
export async function encodeThrough(
  bench: EncodeBench,
  made: {
    readonly outputs: readonly PresetOutput[];
    readonly source: Probe;
    readonly findings: Findings;
    /** Those among the outputs that are adaptive. */
    readonly adaptive: readonly AdaptiveJob[];
    readonly onProgress: (progress: EncodeProgress) => void;
  },
): Promise<ReadonlyMap<string, Score>> {
  const { outputs, source, findings, adaptive, onProgress } = made;
  const { encode } = planEncode(outputs, source, findings);
  if (encode === undefined) return new Map();
  return whileStoring(adaptive, async failed => {
    const lines = await bench.ffmpeg(encode, { failed, onProgress });
    const scores = await reachQuality(
      { ffmpeg: plan => bench.ffmpeg(plan, { failed }), remove: fileName => bench.remove(fileName) },
      { outputs, source, findings, lines },
    );
    for (const { output } of adaptive) {
      for (const plan of planHeldPackage(output, source)) {
        await bench.ffmpeg(plan, { failed });
        for (const { fileName } of plan.madeInputs ?? []) await bench.remove(fileName);
      }
    }
    return scores;
  });
}
