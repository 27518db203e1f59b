import { languageName, languageTag } from '../language';
import type { AdaptiveOutput } from '../preset';
import type { AudioStream, Probe } from '../probe';
import { soundRenditions } from '../sound-rendition';
import { videoRenditions } from '../video-rendition';
import { eachOnce } from './labels';
import { frameRate, secondsOf } from './track';
import type { AudioTrack, Presentation, Track, VideoTrack } from './track';

/** Ids of all streams of an output, pictures first. */
export function streamIds(output: AdaptiveOutput, source: Probe): string[] {
  return [...videoRenditions([output], source), ...soundRenditions(output, source)].map(({ id }) => id);
}

/** What players are told of the streams that were made. @param tracks in the order of `streamIds` */
export function presentationOf(
  output: AdaptiveOutput,
  source: Probe,
  tracks: readonly Track[],
): Presentation {
  const sounds = soundRenditions(output, source).map(({ track }) => track);
  const labels = labelsOf(sounds);
  const audios = tracks.filter(isAudio).map((track, index): AudioTrack => {
    const language = sounds[index]?.language;
    return {
      ...track,
      language: language === undefined ? undefined : languageTag(language),
      label: labels[index] ?? track.folder,
    };
  });
  return { videos: tracks.filter(isVideo), audios };
}

function labelsOf(sounds: readonly AudioStream[]): string[] {
  const names = sounds.map(({ language }, index) =>
    language === undefined ? `Audio ${index + 1}` : languageName(language),
  );
  return eachOnce(names);
}

/** Until the last of the streams ends. */
export function presentationSeconds({ videos, audios }: Presentation): number {
  return Math.max(0, ...[...videos, ...audios].map(secondsOf));
}

const CODEC_NAMES: Readonly<Record<string, string>> = {
  avc1: 'h264',
  hvc1: 'hevc',
  av01: 'av1',
  mp4a: 'aac',
};

/** The output as ffprobe would tell of a file with its largest picture and the sound that plays at first. */
export function probeOfPresentation(presentation: Presentation): Probe {
  const { videos, audios } = presentation;
  const [video] = videos;
  const sounds = audios.map((audio, index) => ({
    index: index + 1,
    codec: codecName(audio),
    channels: audio.init.channels,
    sampleRateHz: audio.init.sampleRateHz,
    language: audio.language,
    endSeconds: secondsOf(audio),
  }));
  return {
    format: 'dash',
    durationSeconds: presentationSeconds(presentation),
    startSeconds: 0,
    video: video && {
      index: 0,
      codec: codecName(video),
      width: video.init.width,
      height: video.init.height,
      rotationDegrees: 0,
      frameRate: frameRate(video),
      declaredFrameRate: frameRate(video),
      timeBase: `1/${video.init.timescale}`,
      endSeconds: secondsOf(video),
      interlaced: false,
      matrix: undefined,
      primaries: undefined,
      transfer: undefined,
    },
    audio: sounds[0],
    audioTracks: sounds,
    captionStreams: [],
    tags: { title: undefined, creationTime: undefined },
    found: '',
  };
}

function codecName({ init }: Track): string {
  const [name = ''] = init.codecs.split('.');
  return CODEC_NAMES[name] ?? name;
}

function isVideo(track: Track): track is VideoTrack {
  return track.init.kind === 'video';
}

function isAudio(track: Track): track is Omit<AudioTrack, 'language' | 'label'> {
  return track.init.kind === 'audio';
}
