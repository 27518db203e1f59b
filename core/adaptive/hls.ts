import type { Attribute } from './hls-tags';
import { HLS_VERSION, joinLines, mediaHeader, quoted, segmentLines, tag } from './hls-tags';
import { I_FRAME_PLAYLIST, MEDIA_PLAYLIST, PUBLISHED_INIT } from './packaging';
import type { AudioTrack, BitRate, Presentation, Track, VideoTrack } from './track';
import { bitRate, frameRate, keyFrameBitRate, keyFrames, segmentSeconds, targetSeconds } from './track';

const AUDIO_GROUP = 'audio';
/** Players begin with the first size of the list: what most connections carry at once. */
const FIRST_PEAK_BPS = 3_000_000;

/** The playlist with which players begin. */
export function masterPlaylist({ videos, audios }: Presentation): string {
  return joinLines([
    ...['#EXTM3U', `#EXT-X-VERSION:${HLS_VERSION}`, '#EXT-X-INDEPENDENT-SEGMENTS'],
    ...audios.map((audio, index) => mediaLine(audio, index === 0)),
    ...inPlayingOrder(videos).flatMap(video => variantLines(video, audios)),
    ...videos.map(iFrameLine),
  ]);
}

/** All segments of one stream. */
export function mediaPlaylist(track: Track): string {
  return joinLines([
    ...mediaHeader(targetSeconds(track)),
    `#EXT-X-MAP:URI="${PUBLISHED_INIT}"`,
    ...track.segments.flatMap(segment => segmentLines(segmentSeconds(track, segment), segment.fileName)),
    '#EXT-X-ENDLIST',
  ]);
}

/** The key frames of one size, by which players fast-forward and show where a viewer seeks to. */
export function iFramePlaylist(track: VideoTrack): string {
  const frames = keyFrames(track);
  const longest = Math.max(1, ...frames.map(({ seconds }) => Math.round(seconds)));
  return joinLines([
    ...mediaHeader(longest),
    '#EXT-X-I-FRAMES-ONLY',
    `#EXT-X-MAP:URI="${PUBLISHED_INIT}"`,
    ...frames.flatMap(({ fileName, offset, bytes, seconds }) => [
      `#EXTINF:${seconds.toFixed(6)},`,
      `#EXT-X-BYTERANGE:${bytes}@${offset}`,
      fileName,
    ]),
    '#EXT-X-ENDLIST',
  ]);
}

function mediaLine({ label, language, init, folder }: AudioTrack, isDefault: boolean): string {
  return tag('EXT-X-MEDIA', [
    ['TYPE', 'AUDIO'],
    ['GROUP-ID', quoted(AUDIO_GROUP)],
    ['NAME', quoted(label)],
    ...(language === undefined ? [] : [['LANGUAGE', quoted(language)] as const]),
    ['DEFAULT', isDefault ? 'YES' : 'NO'],
    ['AUTOSELECT', 'YES'],
    ['CHANNELS', quoted(String(init.channels))],
    ['URI', quoted(`${folder}/${MEDIA_PLAYLIST}`)],
  ]);
}

/** The largest that begins to play at once, then all others, the largest first. */
function inPlayingOrder(videos: readonly VideoTrack[]): VideoTrack[] {
  const first = videos.find(video => bitRate(video).peakBps <= FIRST_PEAK_BPS) ?? videos.at(-1);
  return [...videos.filter(video => video === first), ...videos.filter(video => video !== first)];
}

function variantLines(video: VideoTrack, audios: readonly AudioTrack[]): string[] {
  const sounds = audios.map(audio => audio.init.codecs);
  const rate = together(bitRate(video), audios.map(bitRate));
  return [
    tag('EXT-X-STREAM-INF', [
      ...rates(rate),
      ['CODECS', quoted([video.init.codecs, ...new Set(sounds)].join(','))],
      ['RESOLUTION', `${video.init.width}x${video.init.height}`],
      ['FRAME-RATE', frameRate(video).toFixed(3)],
      ['VIDEO-RANGE', video.init.videoRange],
      ...(audios.length === 0 ? [] : [['AUDIO', quoted(AUDIO_GROUP)] as const]),
    ]),
    `${video.folder}/${MEDIA_PLAYLIST}`,
  ];
}

function iFrameLine(video: VideoTrack): string {
  return tag('EXT-X-I-FRAME-STREAM-INF', [
    ...rates(keyFrameBitRate(video)),
    ['CODECS', quoted(video.init.codecs)],
    ['RESOLUTION', `${video.init.width}x${video.init.height}`],
    ['VIDEO-RANGE', video.init.videoRange],
    ['URI', quoted(`${video.folder}/${I_FRAME_PLAYLIST}`)],
  ]);
}

/** With the sound that takes most: a viewer hears one at a time. */
function together(video: BitRate, audios: readonly BitRate[]): BitRate {
  return {
    averageBps: video.averageBps + Math.max(0, ...audios.map(({ averageBps }) => averageBps)),
    peakBps: video.peakBps + Math.max(0, ...audios.map(({ peakBps }) => peakBps)),
  };
}

function rates({ averageBps, peakBps }: BitRate): Attribute[] {
  return [
    ['BANDWIDTH', String(peakBps)],
    ['AVERAGE-BANDWIDTH', String(averageBps)],
  ];
}
