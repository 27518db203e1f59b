import type { Probe } from '../core/probe';
import { lastingSeconds } from '../core/probe';
import type { OutputFacts } from '../core/report';
import type { MadeFile } from './made-files';
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
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  vtt: 'text/vtt',
};

/** MIME type with which a file is stored. */
export function contentType(fileName: string): string {
  const type = CONTENT_TYPES[fileName.slice(fileName.lastIndexOf('.') + 1)];
  if (type === undefined) throw new Error(`Files like ${fileName} have no content type yet`);
  return type;
}

/** What is reported of a file, all of it measured when it was finished. */
export function outputFacts({ output, fileName, probe, score }: MadeFile, file: StoredFile): OutputFacts {
  const lasts = output.kind === 'video' || output.kind === 'audio' || output.kind === 'clip';
  return {
    name: output.name,
    fileName,
    contentType: contentType(fileName),
    ...file,
    ...(probe === undefined ? {} : mediaFacts(probe, lasts)),
    ...(score === undefined ? {} : { score }),
  };
}

function mediaFacts(probe: Probe, lasts: boolean): Pick<OutputFacts, 'durationSeconds' | 'video' | 'audio'> {
  const durationSeconds = lasts ? lastingSeconds(probe) : undefined;
  const { video, audio } = probe;
  return {
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(video === undefined
      ? {}
      : {
          video: {
            codec: video.codec,
            width: video.width,
            height: video.height,
            ...(lasts ? { frameRate: video.frameRate } : {}),
          },
        }),
    ...(audio === undefined
      ? {}
      : { audio: { codec: audio.codec, channels: audio.channels, sampleRateHz: audio.sampleRateHz } }),
  };
}
