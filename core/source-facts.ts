import type { Join } from './join/join';
import type { AudioStream, Probe } from './probe';
import { pictureCaptions } from './probe';
import type { SourceFacts, TrackFacts } from './report';
import { unitSeconds } from './time-base';

/** The part of a probe that is reported. */
export function toSourceFacts({ format, durationSeconds, video, audio, ...probe }: Probe): SourceFacts {
  const { audioTracks } = probe;
  const left = pictureCaptions(probe);
  return {
    format,
    durationSeconds: durationSeconds ?? 0,
    ...(video === undefined
      ? {}
      : {
          video: {
            codec: video.codec,
            width: video.width,
            height: video.height,
            frameRate: video.frameRate,
            rotationDegrees: video.rotationDegrees,
            ...(video.endSeconds === undefined ? {} : { durationSeconds: video.endSeconds }),
          },
        }),
    ...(audio === undefined
      ? {}
      : {
          audio: {
            codec: audio.codec,
            channels: audio.channels,
            sampleRateHz: audio.sampleRateHz,
            ...(audio.endSeconds === undefined ? {} : { durationSeconds: audio.endSeconds }),
          },
        }),
    ...(probe.join === undefined ? {} : { parts: partFacts(probe.join) }),
    ...(probe.captions === undefined ? {} : { captions: [...probe.captions] }),
    ...(left.length === 0 ? {} : { captionsLeft: left }),
    ...(audioTracks.length < 2 ? {} : { audioTracks: audioTracks.map(toTrackFacts) }),
  };
}

function partFacts({ parts, rate }: Join): NonNullable<SourceFacts['parts']> {
  return parts.flatMap(({ further, units }) =>
    further === undefined
      ? []
      : [
          {
            fileName: further.fileName,
            place: further.place,
            durationSeconds: unitSeconds(units, rate),
          },
        ],
  );
}

function toTrackFacts({ codec, channels, language, endSeconds: end }: AudioStream): TrackFacts {
  return {
    codec,
    channels,
    ...(language === undefined ? {} : { language }),
    ...(end === undefined ? {} : { durationSeconds: end }),
  };
}
