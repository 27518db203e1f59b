import { lastingSeconds } from '../probe';
import type { Probe } from '../probe';
import type { PresetOutput } from '../preset';
import { streamIds } from './presentation';

/** Of each stream beside its segments: initialization, playlist, and key frames. */
const FILES_BESIDE = 3;

/** About how many files an output has for a source: each is stored, and copied when it is published. */
export function countFiles(output: PresetOutput, probe: Probe): number {
  if (output.kind !== 'adaptive') return 1;
  const segments = Math.ceil((lastingSeconds(probe) ?? 0) / output.segmentSeconds);
  return 3 + streamIds(output, probe).length * (segments + FILES_BESIDE);
}
