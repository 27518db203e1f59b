import type { HdrMetadata } from './hdr-metadata';
import type { Join } from './join/join';
import type { CaptionFacts } from './report';
import type { SourceTags } from './source-tags';

export interface VideoStream {
  /** Number of the stream in the file. */
  readonly index: number;
  readonly codec: string;
  /** As shown: rotation and sample aspect ratio applied. */
  readonly width: number;
  readonly height: number;
  /** Clockwise turn that the file asks for: 0, 90, 180 or 270. */
  readonly rotationDegrees: number;
  /** Frames per second as far as can be told, between 1 and 240. */
  readonly frameRate: number;
  /** Frames per second that ffmpeg would take for granted; tens of thousands in some files of variable rate. */
  readonly declaredFrameRate: number;
  /** Unit of the stream's time stamps, such as `1/90000`. */
  readonly timeBase: string;
  /** Time stamp with which the stream begins, in seconds; undefined when the file does not say. */
  readonly startSeconds?: number | undefined;
  /** Seconds from the file's beginning to the stream's end; undefined when the file does not say. */
  readonly endSeconds: number | undefined;
  readonly interlaced: boolean;
  readonly matrix: string | undefined;
  readonly primaries: string | undefined;
  readonly transfer: string | undefined;
  /** What is known of the display that an HDR picture was finished on, and of its brightness. Absent: nothing. */
  readonly hdrMetadata?: HdrMetadata;
}

export interface AudioStream {
  readonly index: number;
  readonly codec: string;
  readonly channels: number;
  readonly sampleRateHz: number;
  /** Three letters of ISO 639-2. */
  readonly language: string | undefined;
  readonly startSeconds?: number | undefined;
  readonly endSeconds: number | undefined;
}

/** Captions inside of a file, as text or as pictures. */
export interface CaptionStream {
  readonly index: number;
  readonly codec: string;
  /** Tag of BCP 47; `und` where the file does not tell. */
  readonly language: string;
  readonly name?: string;
  readonly default: boolean;
  readonly forced: boolean;
  readonly hearingImpaired: boolean;
}

/** What ffprobe found in a file. */
export interface Probe {
  readonly format: string;
  /** Undefined when the file does not say, as recordings of browsers. */
  readonly durationSeconds: number | undefined;
  /** Time stamp with which the file begins. */
  readonly startSeconds: number;
  /** The picture to work with; cover art is none. */
  readonly video: VideoStream | undefined;
  readonly audio: AudioStream | undefined;
  /** All sound tracks, in the order of the file. */
  readonly audioTracks: readonly AudioStream[];
  readonly captionStreams: readonly CaptionStream[];
  /** All captions that it is worked on with, those of files beside it included; absent before they were read. */
  readonly captions?: readonly CaptionFacts[];
  readonly tags: SourceTags;
  /** The files that it consists of, where several are shown one after another as one source. */
  readonly join?: Join | undefined;
  /** All streams in words, for messages. */
  readonly found: string;
}

/** Seconds until the last of the streams ends. */
export function lastingSeconds({ video, audio, durationSeconds }: Probe): number | undefined {
  const ends = [video?.endSeconds, audio?.endSeconds].filter(end => end !== undefined);
  return ends.length === 0 ? durationSeconds : Math.max(...ends);
}

/** Codecs of which ffmpeg knows the text; all others are pictures of text. */
const TEXT_CODECS: readonly string[] = ['mov_text', 'subrip', 'srt', 'text', 'ass', 'ssa', 'webvtt'];

export function isTextCodec(codec: string): boolean {
  return TEXT_CODECS.includes(codec);
}

/** Captions of which no text can be made. */
export function pictureCaptions({
  captionStreams,
}: Pick<Probe, 'captionStreams'>): { codec: string; language: string }[] {
  return captionStreams
    .filter(({ codec }) => !isTextCodec(codec))
    .map(({ codec, language }) => ({ codec, language }));
}
