import type { AudioSettings, PresetOutput } from './preset';

/** What ffprobe calls the picture of a file of this output; undefined for one without a picture. */
export function videoCodecName(output: PresetOutput, fileName: string): string | undefined {
  switch (output.kind) {
    case 'audio':
    case 'captions':
      return undefined;
    case 'adaptive':
      return output.video.codec;
    case 'video':
      return output.video.codec === 'dnxhr' ? 'dnxhd' : output.video.codec;
    case 'clip':
      return output.format === 'mp4' ? 'h264' : output.format;
    case 'still':
    case 'thumbnails':
    case 'storyboard':
      if (fileName.endsWith('.vtt')) return undefined;
      return output.format === 'jpeg' ? 'mjpeg' : output.format;
  }
}

/** What ffprobe calls the codec of a preset. */
export function audioCodecName({ codec, bitDepth }: AudioSettings): string {
  return codec === 'pcm' ? `pcm_s${bitDepth}le` : codec;
}
