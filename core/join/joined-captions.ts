import { cutCues, shiftCues } from '../captions/cue';
import type { CaptionTrack } from '../captions/track';
import type { Excerpt } from '../excerpt';
import type { Probe } from '../probe';
import { pictureSeconds } from '../tile-plan';
import { mainStartSeconds } from './join';

/** Captions of the main source by the time of what they go into: of a joined source, its own. */
export function captionsOn({ join }: Probe, tracks: readonly CaptionTrack[]): readonly CaptionTrack[] {
  const main = join?.parts.find(({ further }) => further === undefined);
  if (join === undefined || main === undefined) return tracks;
  return joinedCaptions(tracks, {
    introSeconds: mainStartSeconds(join),
    excerpt: main.excerpt,
    mainSeconds: pictureSeconds(main.probe),
  });
}

/** Captions of the main source by the time of the joined one, as far as the main source is shown in it. */
export function joinedCaptions(
  tracks: readonly CaptionTrack[],
  time: { readonly introSeconds: number; readonly excerpt: Excerpt; readonly mainSeconds: number },
): CaptionTrack[] {
  const { startSeconds, endSeconds = Number.POSITIVE_INFINITY } = time.excerpt;
  const shown = { startSeconds, endSeconds: Math.min(endSeconds, time.mainSeconds) };
  const byMs = Math.round(time.introSeconds * 1000);
  return tracks.map(track => ({ ...track, cues: shiftCues(cutCues(track.cues, shown), byMs) }));
}
