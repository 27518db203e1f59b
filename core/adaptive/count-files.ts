import type { AdaptiveOutput, PresetOutput } from '../preset';
import type { Probe } from '../probe';
import { isTextCodec, lastingSeconds } from '../probe';
import { captionSegmentSeconds } from './caption-files';
import { streamIds } from './presentation';

/** Of each stream beside its segments: initialization, playlist, and key frames. */
const FILES_BESIDE = 3;
/** Of captions: the playlist, and all in one file. */
const CAPTION_FILES_BESIDE = 2;

/** About how many files an output has for a source: each is stored, and copied when it is published. */
export function countFiles(output: PresetOutput, probe: Probe): number {
  if (output.kind !== 'adaptive') return 1;
  const seconds = lastingSeconds(probe) ?? 0;
  const segments = Math.ceil(seconds / output.segmentSeconds);
  const captionFiles = Math.ceil(seconds / captionSegmentSeconds(output)) + CAPTION_FILES_BESIDE;
  return (
    3 +
    streamIds(output, probe).length * (segments + FILES_BESIDE) +
    countCaptions(output, probe) * captionFiles
  );
}

function countCaptions({ captions }: AdaptiveOutput, { captionStreams, ...probe }: Probe): number {
  if (captions?.tracks !== true) return 0;
  return probe.captions?.length ?? captionStreams.filter(({ codec }) => isTextCodec(codec)).length;
}
