import type { MeasuredOutput } from '../core/duration-check';
import type { PresetOutput } from '../core/preset';
import { outputFileName } from '../core/preset';
import { lastingSeconds } from '../core/probe';
import type { OutputFacts } from '../core/report';
import type { StoredFile } from './upload';

/** MIME type with which an output is stored. */
export function contentType(output: PresetOutput): string {
  switch (output.kind) {
    case 'video':
      return 'video/mp4';
    case 'audio':
      return 'audio/mp4';
    case 'still':
      return 'image/jpeg';
  }
}

/** What is reported of an output, all of it measured on the finished file. */
export function outputFacts({ output, probe }: MeasuredOutput, file: StoredFile): OutputFacts {
  const durationSeconds = output.kind === 'still' ? undefined : lastingSeconds(probe);
  const { video, audio } = probe;
  return {
    name: output.name,
    fileName: outputFileName(output),
    contentType: contentType(output),
    ...file,
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(video === undefined
      ? {}
      : {
          video: {
            codec: video.codec,
            width: video.width,
            height: video.height,
            ...(output.kind === 'still' ? {} : { frameRate: video.frameRate }),
          },
        }),
    ...(audio === undefined
      ? {}
      : { audio: { codec: audio.codec, channels: audio.channels, sampleRateHz: audio.sampleRateHz } }),
  };
}
