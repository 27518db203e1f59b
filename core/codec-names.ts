import type { AudioSettings, VideoSettings } from './preset';

/** What ffprobe calls the codec of a preset. */
export function videoCodecName(codec: VideoSettings['codec']): string {
  return codec === 'dnxhr' ? 'dnxhd' : codec;
}

/** What ffprobe calls the codec of a preset. */
export function audioCodecName({ codec, bitDepth }: AudioSettings): string {
  return codec === 'pcm' ? `pcm_s${bitDepth}le` : codec;
}
