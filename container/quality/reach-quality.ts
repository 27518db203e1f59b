import type { Findings } from '../../core/encode-plan';
import { isHeldBack, planAgain } from '../../core/encode-plan';
import { partFileName } from '../../core/cut-part';
import { excerptOf, readFromSeconds, seekOptions } from '../../core/excerpt';
import { outputFileName } from '../../core/output-files';
import type { PresetOutput } from '../../core/preset';
import type { Probe } from '../../core/probe';
import type { Originals } from '../../core/quality/comparison-plan';
import { originalsOf } from '../../core/quality/comparison-plan';
import type { Score } from '../../core/quality/score';
import { canSeek } from '../../core/seekable';
import type { VideoRendition } from '../../core/video-rendition';
import { videoRenditions, withCrfs } from '../../core/video-rendition';
import type { QualityBench } from './choose-crfs';
import { measure } from './measure';
import { reachFloors } from './reach-floors';

export interface Encoded {
  readonly outputs: readonly PresetOutput[];
  readonly source: Probe;
  /** What the outputs were planned with. */
  readonly findings: Findings;
  /** What the run that made them printed. */
  readonly lines: readonly string[];
}

/**
 * Measures the pictures of outputs made whole that have a quality target, and encodes those again that miss their floor.
 * @returns scores by the id of the rendition
 */
export async function reachQuality(
  bench: QualityBench,
  { outputs, source, findings, lines }: Encoded,
): Promise<Map<string, Score>> {
  const renditions = withCrfs(videoRenditions(outputs, source), findings.crfs);
  return reachFloors(
    { renditions, lines },
    {
      measure: (some, printed) =>
        measure(bench, some, {
          lines: printed,
          fileName: fileOf,
          originals: compared => originals(compared, source, findings),
        }),
      encodeAgain: some => bench.ffmpeg(planAgain(some, source, findings)),
    },
  );
}

function fileOf(rendition: VideoRendition): string {
  return isHeldBack(rendition) ? partFileName(rendition) : outputFileName(rendition.output);
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
