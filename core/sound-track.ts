import { isSameLanguage } from './language';
import type { AudioSettings } from './preset';

interface Tracks<Track> {
  /** The one that players take. */
  readonly audio?: Track | undefined;
  /** All of them, in the order of the file. */
  readonly audioTracks?: readonly Track[] | undefined;
}

/** The sound track that a preset asks for; undefined when the source does not have it. */
export function selectTrack<Track extends { readonly language?: string | undefined }>(
  { audio, audioTracks = [] }: Tracks<Track>,
  wanted: AudioSettings['track'],
): Track | undefined {
  if (wanted === undefined) return audio;
  if ('number' in wanted) return audioTracks[wanted.number - 1];
  return audioTracks.find(
    ({ language }) => language !== undefined && isSameLanguage(language, wanted.language),
  );
}
