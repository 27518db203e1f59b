import type { Probe } from '../core/probe';
import { lastingSeconds } from '../core/probe';
import type { OutputFacts } from '../core/report';
import { contentType } from './content-type';
import type { MadeFile } from './made-files';
import type { StoredFile } from './upload';

/** What is reported of a file, all of it measured when it was finished. */
export function outputFacts(
  { output, fileName, probe, score, tree, captions }: MadeFile,
  file: StoredFile,
): OutputFacts {
  const lasts = ['video', 'audio', 'clip', 'adaptive'].includes(output.kind);
  return {
    name: output.name,
    fileName,
    contentType: contentType(fileName),
    ...file,
    ...(captions === undefined ? {} : { captions: [...captions] }),
    ...(probe === undefined ? {} : mediaFacts(probe, lasts)),
    ...(score === undefined ? {} : { score }),
    ...(tree === undefined ? {} : { tree }),
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
