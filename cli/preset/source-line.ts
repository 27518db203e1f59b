import { basename } from 'node:path';
import type { Probe } from '../../core/probe';
import { lastingSeconds } from '../../core/probe';
import { formatFrameRate, formatSeconds } from '../units';

/** `clip.mp4: 1920×1080 h264, 25 fps; aac, 2 channels; 10 s` */
export function sourceLine(path: string, probe: Probe): string {
  const { video, audio } = probe;
  const seconds = lastingSeconds(probe);
  const parts = [
    ...(video === undefined
      ? []
      : [
          `${video.width}×${video.height} ${video.codec}, ${formatFrameRate(video.frameRate)} fps${video.rotationDegrees === 0 ? '' : `, turned by ${video.rotationDegrees}°`}${video.interlaced ? ', interlaced' : ''}`,
        ]),
    ...(audio === undefined
      ? ['no sound']
      : [`${audio.codec}, ${audio.channels} ${audio.channels === 1 ? 'channel' : 'channels'}`]),
    seconds === undefined ? 'it does not say how long it lasts' : formatSeconds(seconds),
  ];
  return `${basename(path)}: ${parts.join('; ')}`;
}
