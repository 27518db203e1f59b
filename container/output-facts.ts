import type { MeasuredOutput } from '../core/duration-check';
import { outputFileName } from '../core/preset';
import { lastingSeconds } from '../core/probe';
import type { OutputFacts } from '../core/report';
import type { StoredFile } from './upload';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  webm: 'video/webm',
  mov: 'video/quicktime',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  mp3: 'audio/mpeg',
  flac: 'audio/flac',
  wav: 'audio/wav',
  jpg: 'image/jpeg',
};

/** MIME type with which a file is stored. */
export function contentType(fileName: string): string {
  const type = CONTENT_TYPES[fileName.slice(fileName.lastIndexOf('.') + 1)];
  if (type === undefined) throw new Error(`Files like ${fileName} have no content type yet`);
  return type;
}

/** What is reported of an output, all of it measured on the finished file. */
export function outputFacts({ output, probe }: MeasuredOutput, file: StoredFile): OutputFacts {
  const durationSeconds = output.kind === 'still' ? undefined : lastingSeconds(probe);
  const { video, audio } = probe;
  return {
    name: output.name,
    fileName: outputFileName(output),
    contentType: contentType(outputFileName(output)),
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
