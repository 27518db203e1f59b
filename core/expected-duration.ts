import type { PresetOutput } from './preset';
import type { SourceFacts } from './report';

/**
 * Seconds that an output of the source should last: as long as the streams that go into it,
 * which may be less than the whole file lasts. Undefined for a still.
 */
export function expectedDurationSeconds(source: SourceFacts, output: PresetOutput): number | undefined {
  if (output.kind === 'still') return undefined;
  const video = source.video?.durationSeconds ?? source.durationSeconds;
  const audio = source.audio?.durationSeconds ?? source.durationSeconds;
  if (output.kind === 'audio') return audio;
  return output.audio === undefined || source.audio === undefined ? video : Math.max(video, audio);
}
