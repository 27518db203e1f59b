import type { Excerpt } from './excerpt';
import { cutFilters } from './excerpt';
import type { Loudness } from './loudness';
import { loudnessFilters } from './loudness';
import type { AudioSettings } from './preset';
import type { AudioStream } from './probe';

/** Sound above this is of no use to anyone who listens; lossless files keep what they have. */
const HIGHEST_SAMPLE_RATE_HZ = 48_000;
const HIGHEST_LOSSLESS_RATE_HZ = 192_000;
const SAMPLE_RATES_HZ: Readonly<Record<'aac' | 'mp3' | 'opus', readonly number[]>> = {
  aac: [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000],
  mp3: [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000],
  opus: [8000, 12_000, 16_000, 24_000, 48_000],
};
/** Names of the layouts that all encoders know, by the number of channels. */
const LAYOUTS: readonly string[] = ['mono', 'mono', 'stereo', '3.0', 'quad', '5.0', '5.1'];

export interface SoundToEncode {
  readonly track: AudioStream;
  readonly excerpt: Excerpt;
  /** Second of the source at which reading begins. */
  readonly fromSeconds: number;
  readonly keepLanguage: boolean;
  /** Measured for this sound; absent when no loudness is asked for. */
  readonly loudness: Loudness | undefined;
}

/** Mapping, filters and encoder of a sound track. */
export function soundOptions(wanted: AudioSettings, sound: SoundToEncode): string[] {
  const { track, loudness } = sound;
  return [
    ...['-map', `0:${track.index}`, ...encoderOptions(wanted)],
    ...['-ac', String(channelsOf(wanted, track)), '-ar', String(sampleRateHz(wanted, track.sampleRateHz))],
    ...[
      '-filter:a',
      [...soundFilters(wanted, sound), ...loudnessFilters(wanted.loudness, loudness)].join(','),
    ],
    ...(track.language === undefined || !sound.keepLanguage
      ? []
      : ['-metadata:s:a:0', `language=${track.language}`]),
  ];
}

/** What is done to a sound before its loudness is measured or changed. */
export function soundFilters(
  wanted: AudioSettings,
  { track, excerpt, fromSeconds }: Pick<SoundToEncode, 'track' | 'excerpt' | 'fromSeconds'>,
): string[] {
  const channels = channelsOf(wanted, track);
  return [
    // Gaps become silence; the encoder would close them, and everything after would come too early.
    'aresample=async=1:first_pts=0',
    ...cutFilters('audio', excerpt, fromSeconds),
    // Loudness goes by the channels that are heard; encoders do not take the side channels that films have.
    ...(channels > 2 || wanted.loudness !== undefined
      ? [`aformat=channel_layouts=${LAYOUTS[channels] ?? 'stereo'}`]
      : []),
  ];
}

export function channelsOf(wanted: AudioSettings, track: AudioStream): number {
  return Math.min(wanted.channels, track.channels);
}

function encoderOptions({ codec, bitrateKbps, bitDepth }: AudioSettings): string[] {
  switch (codec) {
    case 'aac':
      return ['-c:a', 'aac', '-b:a', `${bitrateKbps}k`];
    case 'opus':
      return ['-c:a', 'libopus', '-b:a', `${bitrateKbps}k`];
    case 'mp3':
      return ['-c:a', 'libmp3lame', '-b:a', `${bitrateKbps}k`];
    case 'flac':
      return bitDepth === 24
        ? ['-c:a', 'flac', '-sample_fmt', 's32', '-bits_per_raw_sample', '24']
        : ['-c:a', 'flac', '-sample_fmt', 's16'];
    case 'pcm':
      return ['-c:a', bitDepth === 24 ? 'pcm_s24le' : 'pcm_s16le'];
  }
}

function sampleRateHz({ codec }: AudioSettings, sourceHz: number): number {
  if (codec === 'flac' || codec === 'pcm')
    return Math.min(HIGHEST_LOSSLESS_RATE_HZ, Math.max(8000, sourceHz));
  if (sourceHz >= HIGHEST_SAMPLE_RATE_HZ) return HIGHEST_SAMPLE_RATE_HZ;
  return SAMPLE_RATES_HZ[codec].find(rate => rate >= sourceHz) ?? HIGHEST_SAMPLE_RATE_HZ;
}
