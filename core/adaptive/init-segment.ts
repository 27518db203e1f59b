import type { Box } from './boxes';
import { boxes, findBox, needBox } from './boxes';
import { aacChannels, av1Codec, avcCodec, hevcCodec, mpeg4AudioCodec } from './codec-strings';

/** Brightness that a picture is made for, as HLS calls it. */
export type VideoRange = 'SDR' | 'PQ' | 'HLG';

interface InitBase {
  /** As players ask their browser for it: RFC 6381. */
  readonly codecs: string;
  /** Units of the media time line in a second. */
  readonly timescale: number;
  /** Time on the media time line that is shown at 0. */
  readonly mediaStart: number;
}

/** What the initialization segment of a stream says of it. */
export type InitSegment =
  | (InitBase & {
      readonly kind: 'video';
      readonly width: number;
      readonly height: number;
      readonly videoRange: VideoRange;
    })
  | (InitBase & { readonly kind: 'audio'; readonly channels: number; readonly sampleRateHz: number });

/** Header of a sample entry, and what follows it in one of a picture or of sound, before the boxes in it. */
const VISUAL_ENTRY_BYTES = 78;
const SOUND_ENTRY_BYTES = 28;

/**
 * Reads an initialization segment that ffmpeg wrote for one stream.
 * @throws when it is none, or of a codec that no adaptive output has
 */
export function readInitSegment(file: Buffer): InitSegment {
  const track = needBox(file, ['moov', 'trak']);
  const description = needBox(file, ['mdia', 'minf', 'stbl', 'stsd'], track);
  const entry = boxes(file, description.contentStart + 8, description.end)[0];
  if (entry === undefined) throw new Error('The initialization segment describes no stream');
  const base = { timescale: readTimescale(file, track), mediaStart: readMediaStart(file, track) };
  if (entry.type === 'mp4a') {
    const inside = { ...entry, contentStart: entry.contentStart + SOUND_ENTRY_BYTES };
    const esds = content(file, needBox(file, ['esds'], inside));
    return {
      kind: 'audio',
      ...base,
      codecs: mpeg4AudioCodec(esds),
      channels: aacChannels(esds) ?? file.readUInt16BE(entry.contentStart + 16),
      sampleRateHz: file.readUInt16BE(entry.contentStart + 24),
    };
  }
  const inside = { ...entry, contentStart: entry.contentStart + VISUAL_ENTRY_BYTES };
  return {
    kind: 'video',
    ...base,
    codecs: pictureCodec(file, entry.type, inside),
    width: file.readUInt16BE(entry.contentStart + 24),
    height: file.readUInt16BE(entry.contentStart + 26),
    videoRange: readVideoRange(file, inside),
  };
}

function pictureCodec(file: Buffer, type: string, entry: Box): string {
  switch (type) {
    case 'avc1':
      return avcCodec(content(file, needBox(file, ['avcC'], entry)));
    case 'hvc1':
      return hevcCodec(content(file, needBox(file, ['hvcC'], entry)));
    case 'av01':
      return av1Codec(content(file, needBox(file, ['av1C'], entry)));
    default:
      throw new Error(`Segments of ${type} are not known`);
  }
}

function readTimescale(file: Buffer, track: Box): number {
  const { contentStart } = needBox(file, ['mdia', 'mdhd'], track);
  const isLong = file.readUInt8(contentStart) === 1;
  return file.readUInt32BE(contentStart + (isLong ? 20 : 12));
}

/** Pictures that are shown in another order than they are stored begin a little after the media time line does. */
function readMediaStart(file: Buffer, track: Box): number {
  const list = findBox(file, ['edts', 'elst'], track);
  if (list === undefined) return 0;
  const { contentStart } = list;
  const isLong = file.readUInt8(contentStart) === 1;
  const entryBytes = isLong ? 20 : 12;
  const count = file.readUInt32BE(contentStart + 4);
  for (let index = 0; index < count; index += 1) {
    const at = contentStart + 8 + index * entryBytes;
    const mediaTime = isLong ? Number(file.readBigInt64BE(at + 8)) : file.readInt32BE(at + 4);
    if (mediaTime >= 0) return mediaTime;
  }
  return 0;
}

const TRANSFER_PQ = 16;
const TRANSFER_HLG = 18;

function readVideoRange(file: Buffer, entry: Box): VideoRange {
  const color = findBox(file, ['colr'], entry);
  if (color === undefined || file.toString('latin1', color.contentStart, color.contentStart + 4) !== 'nclx')
    return 'SDR';
  const transfer = file.readUInt16BE(color.contentStart + 6);
  return transfer === TRANSFER_PQ ? 'PQ' : transfer === TRANSFER_HLG ? 'HLG' : 'SDR';
}

function content(file: Buffer, { contentStart, end }: Box): Buffer {
  return file.subarray(contentStart, end);
}
