import type { FfmpegPlan } from '../encode-plan';
import type { Probe } from '../probe';

/** Decodes a file and makes nothing of it: what is broken in it ends the run as it ends an encode. */
export function planPartCheck({ video, audio }: Probe): FfmpegPlan {
  const streams = [video, audio].filter(stream => stream !== undefined);
  return {
    throughout: true,
    inputOptions: [],
    filterGraph: [],
    files: [
      {
        fileName: 'part-check',
        options: [
          ...streams.flatMap(({ index }) => ['-map', `0:${index}`]),
          ...['-fps_mode', 'passthrough', '-f', 'null'],
        ],
      },
    ],
  };
}
