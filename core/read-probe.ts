import { z } from 'zod';
import { HDR_SIDE_DATA_FIELDS, readHdrMetadata } from './hdr-metadata';
import { LANGUAGE_PATTERN, languageTag, UNKNOWN_LANGUAGE } from './language';
import type { AudioStream, CaptionStream, Probe, VideoStream } from './probe';
import { readTags } from './source-tags';

/** What ffprobe is asked for: `-show_entries`. `parseProbe` reads its JSON. */
export const PROBE_ENTRIES = [
  'format=format_name,duration,start_time',
  'stream=index,codec_type,codec_name,width,height,sample_aspect_ratio,r_frame_rate,avg_frame_rate,time_base,start_time,duration,field_order,color_space,color_transfer,color_primaries,channels,sample_rate',
  'stream_disposition=default,attached_pic,forced,hearing_impaired',
  'stream_tags=language,title,DURATION',
  'format_tags=title,creation_time',
  `stream_side_data=rotation,${HDR_SIDE_DATA_FIELDS}`,
].join(':');

const streamSchema = z.object({
  index: z.int().default(0),
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  width: z.int().optional(),
  height: z.int().optional(),
  sample_aspect_ratio: z.string().optional(),
  r_frame_rate: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  time_base: z
    .string()
    .regex(/^[1-9]\d{0,8}\/[1-9]\d{0,8}$/)
    .catch('1/90000'),
  start_time: z.string().optional(),
  duration: z.string().optional(),
  field_order: z.string().optional(),
  color_space: z.string().optional(),
  color_transfer: z.string().optional(),
  color_primaries: z.string().optional(),
  channels: z.int().optional(),
  sample_rate: z.string().optional(),
  disposition: z
    .object({
      default: z.int().default(0),
      attached_pic: z.int().default(0),
      forced: z.int().default(0),
      hearing_impaired: z.int().default(0),
    })
    .optional(),
  tags: z.record(z.string(), z.string()).optional(),
  side_data_list: z.array(z.looseObject({ rotation: z.number().optional() })).optional(),
});

const probeSchema = z.object({
  format: z
    .object({
      format_name: z.string().default('unknown'),
      duration: z.string().optional(),
      start_time: z.string().optional(),
      tags: z.record(z.string(), z.string()).optional(),
    })
    .prefault({}),
  streams: z.array(streamSchema).default([]),
});

/** Pixels are at most this many times as wide as high, or the reverse. */
const WIDEST_PIXEL = 10;

type RawStream = z.infer<typeof streamSchema>;

/** Slowest and fastest frame rates that are taken for real. */
const SLOWEST_FRAME_RATE = 1;
const FASTEST_FRAME_RATE = 240;
/** When nothing in the file can be believed. */
const ASSUMED_FRAME_RATE = 30;

/**
 * Reads the JSON that ffprobe prints for `PROBE_ENTRIES`.
 * @throws when it is not that
 */
export function parseProbe(json: string): Probe {
  const { format, streams } = probeSchema.parse(JSON.parse(json));
  const fileStartSeconds = toNumber(format.start_time) ?? 0;
  const sounds = streams.filter(isSound);
  return {
    format: format.format_name,
    durationSeconds: positive(toNumber(format.duration)),
    startSeconds: fileStartSeconds,
    video: toVideo(preferred(streams.filter(isPicture)), fileStartSeconds),
    audio: toAudio(preferred(sounds), fileStartSeconds),
    audioTracks: sounds.map(stream => toAudio(stream, fileStartSeconds)).filter(track => track !== undefined),
    captionStreams: streams.filter(isCaption).map(toCaption),
    tags: readTags(format.tags ?? {}),
    found: describeStreams(streams),
  };
}

function isPicture(stream: RawStream): boolean {
  return (
    stream.codec_type === 'video' &&
    stream.codec_name !== undefined &&
    stream.disposition?.attached_pic !== 1 &&
    (stream.width ?? 0) > 0 &&
    (stream.height ?? 0) > 0
  );
}

function isSound(stream: RawStream): boolean {
  return stream.codec_type === 'audio' && stream.codec_name !== undefined && (stream.channels ?? 0) > 0;
}

function isCaption(stream: RawStream): boolean {
  return stream.codec_type === 'subtitle' && stream.codec_name !== undefined;
}

const LONGEST_NAME = 100;

function toCaption({
  index,
  codec_name: codec = 'unknown',
  disposition,
  tags = {},
}: RawStream): CaptionStream {
  const language = tags['language'] ?? '';
  const name = tags['title']
    ?.replaceAll(/[\p{Cc}"]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_NAME);
  return {
    ...{ index, codec },
    language: LANGUAGE_PATTERN.test(language) ? languageTag(language) : UNKNOWN_LANGUAGE,
    ...(name === undefined || name === '' ? {} : { name }),
    default: disposition?.default === 1,
    forced: disposition?.forced === 1,
    hearingImpaired: disposition?.hearing_impaired === 1,
  };
}

function preferred(streams: readonly RawStream[]): RawStream | undefined {
  return streams.find(({ disposition }) => disposition?.default === 1) ?? streams[0];
}

function toVideo(stream: RawStream | undefined, fileStartSeconds: number): VideoStream | undefined {
  if (stream === undefined) return undefined;
  const shown = shownSize(stream);
  return {
    index: stream.index,
    codec: stream.codec_name ?? 'unknown',
    ...shown,
    frameRate: believableFrameRate(stream),
    declaredFrameRate: toRatio(stream.r_frame_rate) ?? ASSUMED_FRAME_RATE,
    timeBase: stream.time_base,
    startSeconds: toNumber(stream.start_time),
    endSeconds: endSeconds(stream, fileStartSeconds),
    interlaced: ['tt', 'bb', 'tb', 'bt'].includes(stream.field_order ?? ''),
    matrix: known(stream.color_space),
    primaries: known(stream.color_primaries),
    transfer: known(stream.color_transfer),
    hdrMetadata: readHdrMetadata(stream.side_data_list ?? []),
  };
}

function toAudio(stream: RawStream | undefined, fileStartSeconds: number): AudioStream | undefined {
  if (stream === undefined) return undefined;
  const language = stream.tags?.['language'];
  return {
    index: stream.index,
    codec: stream.codec_name ?? 'unknown',
    channels: stream.channels ?? 0,
    sampleRateHz: Math.round(toNumber(stream.sample_rate) ?? 0),
    language:
      language !== undefined && /^[a-z]{3}$/.test(language) && language !== 'und' ? language : undefined,
    startSeconds: toNumber(stream.start_time),
    endSeconds: endSeconds(stream, fileStartSeconds),
  };
}

function shownSize(stream: RawStream): Pick<VideoStream, 'width' | 'height' | 'rotationDegrees'> {
  const rotation = stream.side_data_list?.find(data => data.rotation !== undefined)?.rotation ?? 0;
  // The matrix turns counter-clockwise; what people mean by rotation is clockwise.
  const rotationDegrees = (((Math.round(-rotation / 90) * 90) % 360) + 360) % 360;
  const aspect = believableAspect(toRatio(stream.sample_aspect_ratio, ':'));
  const width = Math.max(1, Math.round((stream.width ?? 0) * aspect));
  const height = stream.height ?? 0;
  const turned = rotationDegrees === 90 || rotationDegrees === 270;
  return { width: turned ? height : width, height: turned ? width : height, rotationDegrees };
}

/** Width of a pixel over its height; beyond what any camera makes it is a mistake. */
function believableAspect(aspect: number | undefined): number {
  return aspect === undefined || aspect > WIDEST_PIXEL || aspect < 1 / WIDEST_PIXEL ? 1 : aspect;
}

function believableFrameRate(stream: RawStream): number {
  const candidates = [toRatio(stream.avg_frame_rate), toRatio(stream.r_frame_rate)];
  const believable = candidates.find(
    rate => rate !== undefined && rate >= SLOWEST_FRAME_RATE && rate <= FASTEST_FRAME_RATE,
  );
  if (believable !== undefined) return believable;
  // Slide shows have less than a frame a second; the encoder is told the least that makes sense.
  return candidates.some(rate => rate !== undefined && rate < SLOWEST_FRAME_RATE)
    ? SLOWEST_FRAME_RATE
    : ASSUMED_FRAME_RATE;
}

function endSeconds(stream: RawStream, fileStartSeconds: number): number | undefined {
  const duration = positive(toNumber(stream.duration)) ?? clockSeconds(stream.tags?.['DURATION']);
  if (duration === undefined) return undefined;
  // Matroska's DURATION tag is the time at which the stream ends.
  if (stream.duration === undefined) return duration;
  return Math.max(0, (toNumber(stream.start_time) ?? fileStartSeconds) - fileStartSeconds) + duration;
}

/** `HH:MM:SS.fraction`, as Matroska files note the length of a stream. */
function clockSeconds(text: string | undefined): number | undefined {
  const match = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text ?? '');
  if (match === null) return undefined;
  return positive(Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]));
}

function describeStreams(streams: readonly RawStream[]): string {
  if (streams.length === 0) return 'no stream at all';
  return streams
    .map(({ codec_type: type = 'unknown', codec_name: codec = 'unknown codec', disposition }) =>
      disposition?.attached_pic === 1 ? `cover art (${codec})` : `${type} (${codec})`,
    )
    .join(', ');
}

function known(value: string | undefined): string | undefined {
  return value === undefined || value === 'unknown' || value === 'reserved' ? undefined : value;
}

function toNumber(text: string | undefined): number | undefined {
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 ? value : undefined;
}

/** `30000/1001` or `16:9` as a number; undefined for `0/0`, `N/A` and the like. */
function toRatio(text: string | undefined, separator = '/'): number | undefined {
  const [numerator, denominator] = (text ?? '').split(separator).map(Number);
  if (numerator === undefined || denominator === undefined) return undefined;
  return positive(Number.isFinite(numerator / denominator) ? numerator / denominator : undefined);
}
