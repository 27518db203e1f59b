import type { Excerpt } from '../excerpt';
import { excerptSeconds, WHOLE } from '../excerpt';
import { exactFrameRate, isBelievable, isVariable } from '../frame-rate';
import type { ColorTags } from '../picture-filters';
import { isHdr, outputColors } from '../picture-filters';
import type { Dimensions } from '../picture-size';
import type { Place } from '../input-use';
import type { PresetOutput } from '../preset';
import type { AudioStream, Probe, VideoStream } from '../probe';
import type { Rational } from '../time-base';
import { unitSeconds } from '../time-base';
import { pixelFormat } from '../video-encoders';
import { videoRenditions } from '../video-rendition';
import type { JoinedSound } from './joined-sound';
import { joinSounds } from './joined-sound';

/** A file that comes before or after the main source. */
export interface FurtherPart {
  /** Input of the order that it is. */
  readonly inputId: string;
  readonly fileName: string;
  readonly place: Place;
  readonly probe: Probe;
}

/** One file of a joined source, and how much of it is shown. */
export interface JoinedPart {
  /** What it is beside the main source; undefined: the main source itself. */
  readonly further: Omit<FurtherPart, 'probe'> | undefined;
  readonly probe: Probe;
  readonly excerpt: Excerpt;
  /** Length in units of the join: frames, where there is a picture. */
  readonly units: number;
}

/** Form that the pictures of all parts are brought to. */
export interface JoinedPicture extends Dimensions {
  /** Number of the stream by which plans know it: that of the main source. */
  readonly index: number;
  readonly colors: ColorTags;
  readonly keepHdr: boolean;
  readonly pixelFormat: string;
}

/** Several files shown one after another, as one source: the main one says what it is like, the others fit in. */
export interface Join {
  /** In the order in which they are shown. */
  readonly parts: readonly JoinedPart[];
  /** Units a second: the frame rate, or that of samples where there is no picture. */
  readonly rate: Rational;
  readonly picture: JoinedPicture | undefined;
  readonly sounds: readonly JoinedSound[];
}

/** Rate of a main source of which the frames come at uneven times, and which does not tell a believable one. */
const ASSUMED_FRAME_RATE = 30;
/** Units of a source that is sound alone. */
const SOUND_UNITS: Rational = { num: 48_000, den: 1 };

/**
 * The probe of the main source with the others before and after it: plans that are made for it read all of them.
 * @param outputs all of the job
 * @param excerpt what is shown of the main source
 */
export function joinSources(
  main: Probe,
  further: readonly FurtherPart[],
  { outputs, excerpt }: { outputs: readonly PresetOutput[]; excerpt: Excerpt },
): Probe {
  const video = outputs.some(needsPicture) ? main.video : undefined;
  const framesPerSecond = video === undefined ? 0 : steadyRate(video);
  const rate = video === undefined ? SOUND_UNITS : exactFrameRate(framesPerSecond);
  const part = (beside: JoinedPart['further'], probe: Probe, shown: Excerpt): JoinedPart => ({
    ...{ further: beside, probe, excerpt: shown },
    units: Math.max(1, Math.round((partSeconds(probe, shown, video !== undefined) * rate.num) / rate.den)),
  });
  const at = (place: Place): JoinedPart[] =>
    further.filter(other => other.place === place).map(({ probe, ...beside }) => part(beside, probe, WHOLE));
  const parts = [...at('intro'), part(undefined, main, excerpt), ...at('outro')];
  const picture = video && joinedPicture(video, outputs);
  const sounds = joinSounds(
    main,
    parts.map(({ probe }) => probe),
  );
  const join: Join = { parts, rate, picture, sounds: sounds.map(({ sound }) => sound) };
  const lasts = joinedSeconds(join);
  const tracks = sounds.map(({ track }): AudioStream => ({ ...track, startSeconds: 0, endSeconds: lasts }));
  return {
    ...main,
    durationSeconds: lasts,
    startSeconds: 0,
    video: video && picture && joinedStream(video, { picture, rate, framesPerSecond, lasts }),
    audio: tracks.find(({ index }) => index === main.audio?.index) ?? tracks[0],
    audioTracks: tracks,
    join,
  };
}

/** Seconds that all parts last together. */
export function joinedSeconds({ parts, rate }: Pick<Join, 'parts' | 'rate'>): number {
  return unitSeconds(
    parts.reduce((sum, { units }) => sum + units, 0),
    rate,
  );
}

/** The main source of one that may be joined. */
export function mainOf(source: Probe): Probe {
  return source.join?.parts.find(({ further }) => further === undefined)?.probe ?? source;
}

/** Second at which the main source begins. */
export function mainStartSeconds({ parts, rate }: Join): number {
  const before = parts.slice(
    0,
    parts.findIndex(({ further }) => further === undefined),
  );
  return joinedSeconds({ parts: before, rate });
}

export function needsPicture({ kind }: PresetOutput): boolean {
  return kind !== 'audio' && kind !== 'captions';
}

/** A part lasts as long as its picture, and the sound is made to; without any, as long as its sound. */
function partSeconds(probe: Probe, excerpt: Excerpt, hasPicture: boolean): number {
  const { video, audio, audioTracks, durationSeconds = 0 } = probe;
  const ends = audioTracks.map(({ endSeconds }) => endSeconds).filter(end => end !== undefined);
  const sound = ends.length === 0 ? (audio?.endSeconds ?? durationSeconds) : Math.max(...ends);
  const isSilent = audio === undefined && audioTracks.length === 0;
  const lasts = hasPicture || isSilent ? (video?.endSeconds ?? durationSeconds) : sound;
  return excerptSeconds(excerpt, lasts);
}

/** Joined pictures come at a steady rate. */
function steadyRate(video: VideoStream): number {
  if (!isVariable(video)) return video.frameRate;
  return isBelievable(video.declaredFrameRate) ? video.declaredFrameRate : ASSUMED_FRAME_RATE;
}

function joinedPicture(video: VideoStream, outputs: readonly PresetOutput[]): JoinedPicture {
  const wanted = videoRenditions(outputs, { video }).map(rendition => rendition.wanted);
  const keepHdr = isHdr(video) && wanted.some(({ hdr }) => hdr === 'keep');
  const formats = wanted.map(pixelFormat);
  const chroma = formats.some(format => format.startsWith('yuv422')) ? '422' : '420';
  const depth = keepHdr || formats.some(format => format.endsWith('10le')) ? '10le' : '';
  return {
    index: video.index,
    width: evenSide(video.width),
    height: evenSide(video.height),
    colors: outputColors(video, keepHdr),
    keepHdr,
    pixelFormat: `yuv${chroma}p${depth}`,
  };
}

function evenSide(pixels: number): number {
  return Math.max(2, Math.floor(pixels / 2) * 2);
}

function joinedStream(
  video: VideoStream,
  {
    picture,
    rate,
    framesPerSecond,
    lasts,
  }: { picture: JoinedPicture; rate: Rational; framesPerSecond: number; lasts: number },
): VideoStream {
  const { width, height, colors } = picture;
  return {
    ...video,
    ...{ width, height, interlaced: false, startSeconds: 0, endSeconds: lasts },
    ...{ frameRate: framesPerSecond, declaredFrameRate: framesPerSecond },
    ...{ matrix: colors.matrix, primaries: colors.primaries, transfer: colors.transfer },
    timeBase: `${rate.den}/${rate.num}`,
  };
}
