import type { AudioStream, Probe } from '../probe';

/** A sound track of a joined source. */
export interface JoinedSound {
  /** Number of the stream by which plans know it. */
  readonly index: number;
  readonly sampleRateHz: number;
  /** Name of its channel layout. */
  readonly layout: string;
  /** For each part the stream that is heard; undefined where the part has none: silence. */
  readonly streams: readonly (AudioStream | undefined)[];
}

const LOWEST_SAMPLE_RATE_HZ = 8000;
const HIGHEST_SAMPLE_RATE_HZ = 192_000;
/** Names of the layouts by the number of channels. */
const LAYOUTS: readonly string[] = ['mono', 'mono', 'stereo', '3.0', 'quad', '5.0', '5.1', '6.1', '7.1'];

/**
 * The sound tracks of the main source, each with what is heard of the other parts meanwhile: their track in the same
 * language, else the one that players take. Where the main source is silent, the first part that is not gives the track.
 */
export function joinSounds(
  main: Probe,
  parts: readonly Probe[],
): { readonly track: AudioStream; readonly sound: JoinedSound }[] {
  const tracks = main.audioTracks.length > 0 ? main.audioTracks : tracksOf(main.audio);
  const lent = tracksOf(parts.find(({ audio }) => audio !== undefined)?.audio);
  return (tracks.length > 0 ? tracks : lent).map(track => ({
    track,
    sound: {
      index: track.index,
      sampleRateHz: Math.min(HIGHEST_SAMPLE_RATE_HZ, Math.max(LOWEST_SAMPLE_RATE_HZ, track.sampleRateHz)),
      layout: LAYOUTS[track.channels] ?? 'stereo',
      streams: parts.map(part => (part === main ? tracks.find(own => own === track) : heardIn(part, track))),
    },
  }));
}

function tracksOf(track: AudioStream | undefined): AudioStream[] {
  return track === undefined ? [] : [track];
}

function heardIn({ audio, audioTracks }: Probe, { language }: AudioStream): AudioStream | undefined {
  return audioTracks.find(track => language !== undefined && track.language === language) ?? audio;
}
