import type { Probe } from './probe';
import { parseProbe } from './read-probe';
import type { SourceFacts } from './report';

/** The probe that is as good as forgotten, as far as its facts tell: enough to foresee what a source will cost. */
export function probeOfFacts({ format, durationSeconds, video, audio }: SourceFacts): Probe {
  const picture = video && {
    codec_type: 'video',
    codec_name: video.codec,
    width: video.width,
    height: video.height,
    r_frame_rate: `${video.frameRate}/1`,
    avg_frame_rate: `${video.frameRate}/1`,
    duration: String(video.durationSeconds ?? durationSeconds),
  };
  const sound = audio && {
    codec_type: 'audio',
    codec_name: audio.codec,
    channels: audio.channels,
    sample_rate: String(audio.sampleRateHz),
    duration: String(audio.durationSeconds ?? durationSeconds),
  };
  return parseProbe(
    JSON.stringify({
      format: { format_name: format, duration: String(durationSeconds) },
      streams: [picture, sound].filter(stream => stream !== undefined),
    }),
  );
}
