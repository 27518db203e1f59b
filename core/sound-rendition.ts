import type { AdaptiveOutput, AudioSettings, PresetOutput } from './preset';
import type { AudioStream, Probe } from './probe';
import { selectTrack } from './sound-track';

/** One encoded sound stream of a job, whatever container it goes into. */
export interface SoundRendition {
  /** Safe in file names, and unique in the job among those of sound. */
  readonly id: string;
  readonly wanted: AudioSettings;
  readonly track: AudioStream;
}

/**
 * The sound streams that are encoded for an output, the one that plays at first in front. None where output or source
 * are silent. Rule out with `missingStream` that a track is asked for that is not there: it is left out.
 */
export function soundRenditions(output: PresetOutput, probe: Probe): SoundRendition[] {
  switch (output.kind) {
    case 'adaptive':
      return output.audio === undefined ? [] : adaptiveSounds(output, output.audio, probe);
    case 'video':
    case 'audio': {
      const wanted = output.audio;
      const track = wanted === undefined ? undefined : selectTrack(probe, wanted.track);
      return wanted === undefined || track === undefined ? [] : [{ id: output.name, wanted, track }];
    }
    case 'still':
    case 'clip':
    case 'thumbnails':
    case 'storyboard':
    case 'captions':
      return [];
  }
}

function adaptiveSounds(
  { name }: AdaptiveOutput,
  { tracks, ...wanted }: NonNullable<AdaptiveOutput['audio']>,
  probe: Probe,
): SoundRendition[] {
  return adaptiveTracks(tracks, probe)
    .map((track, index) => ({
      id: ['audio', index + 1, track.language].filter(part => part !== undefined).join('-'),
      wanted: { ...wanted, codec: 'aac', bitDepth: 16 } as const,
      track,
    }))
    .map(sound => ({ ...sound, id: `${name}@${sound.id}` }));
}

function adaptiveTracks(tracks: NonNullable<AdaptiveOutput['audio']>['tracks'], probe: Probe): AudioStream[] {
  const { audio, audioTracks } = probe;
  if (audio === undefined) return [];
  if (tracks === 'all') return [audio, ...audioTracks.filter(({ index }) => index !== audio.index)];
  const found = tracks.map(wanted => selectTrack(probe, wanted)).filter(track => track !== undefined);
  return [...new Map(found.map(track => [track.index, track])).values()];
}
