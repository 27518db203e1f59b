import type { SourceTail } from './duration-check';
import type { PresetOutput } from './preset';
import type { Probe } from './probe';

/** Whether an output can't be planned without the length of the source, which recordings of browsers do not tell. */
export function needsLength({ kind }: PresetOutput): boolean {
  return kind === 'thumbnails' || kind === 'storyboard' || kind === 'clip';
}

/** The source with the length that its last packets tell. */
export function withLength(source: Probe, { video, audio }: SourceTail): Probe {
  const ends = [video, audio].filter(end => end !== undefined);
  return {
    ...source,
    durationSeconds: ends.length === 0 ? undefined : Math.max(...ends),
    video: source.video === undefined ? undefined : { ...source.video, endSeconds: video },
  };
}
