import { deflateSync } from 'node:zlib';
import type { BaseClips } from './base-clips';
import type { HostileSource } from './hostile-source';
import { failing } from './hostile-source';
import type { Box } from './mp4-boxes';
import { box, findBoxes, readBoxes, setUint32, uint32, withBox, writeBoxes } from './mp4-boxes';
import { pngPicture } from './png-picture';

const TOO_LARGE = 'A picture too large';
const SHAPE = 'Pixels of an absurd shape';
const SOUND = 'Absurd sound';
const COVER = 'Cover art alone';
const METADATA = 'Metadata without end';

/**
 * Files with pictures and sounds that no camera and no microphone makes.
 * @param url address that must never be asked for
 */
export function strangeStreams(base: BaseClips, url: string): HostileSource[] {
  const { mp4, wav } = base;
  const right = (row: string, what: string, bytes: Buffer): HostileSource => ({
    ...{ row, what, bytes },
    ends: { seconds: 4, size: '160x90' },
  });
  const sound = (what: string, bytes: Buffer): HostileSource => ({
    ...failing(SOUND, 'SOURCE_SOUND_NOT_ACCEPTED')(what, bytes),
    forSound: true,
  });
  const unreadableSound = (what: string, bytes: Buffer): HostileSource => ({
    ...failing(SOUND, 'SOURCE_UNREADABLE')(what, bytes),
    forSound: true,
  });
  return [
    failing(TOO_LARGE, 'SOURCE_PICTURE_TOO_LARGE')('16000x16000', pngVideo(base, 16_000, 16_000)),
    failing(TOO_LARGE, 'SOURCE_PICTURE_TOO_LARGE')('65535x65535', pngVideo(base, 65_535, 65_535)),
    failing(TOO_LARGE, 'SOURCE_PICTURE_TOO_LARGE')('1x30000', pngVideo(base, 1, 30_000)),
    { row: SHAPE, what: 'a single pixel', bytes: base.onePixel, ends: { seconds: 1, size: '2x2' } },
    right(SHAPE, '60000 times as wide as high', withPixelAspect(mp4, 60_000, 1)),
    right(SHAPE, '60000 times as high as wide', withPixelAspect(mp4, 1, 60_000)),
    {
      ...{ row: 'Changes its size midway', what: 'lying, then upright', bytes: base.sizeChanges },
      ends: { seconds: 4, size: '160x90' },
    },
    sound('200 channels', withWavHead(wav, { channels: 200, blockBytes: 400 })),
    sound('a thousand million samples a second', withWavHead(wav, { rateHz: 1_000_000_000 })),
    sound('one sample a second', withWavHead(wav, { rateHz: 1 })),
    unreadableSound('no channel', withWavHead(wav, { channels: 0 })),
    unreadableSound('65535 channels', withWavHead(wav, { channels: 65_535 })),
    unreadableSound('four thousand million samples a second', withWavHead(wav, { rateHz: 0xffff_ffff })),
    failing(COVER, 'SOURCE_HAS_NO_VIDEO')('MP3, for a video', base.mp3WithCover),
    failing(COVER, 'SOURCE_HAS_NO_VIDEO')('M4A, for a video', base.m4aWithCover),
    {
      ...{ row: COVER, what: 'MP3, for its sound', bytes: base.mp3WithCover },
      forSound: true,
      ends: { seconds: 4 },
    },
    {
      ...failing(COVER, 'SOURCE_UNREADABLE')('without the sound', withoutTracks(base.m4aWithCover)),
      forSound: true,
    },
    failing('An unknown codec', 'SOURCE_HAS_NO_VIDEO')('of the picture', withUnknownCodec(mp4)),
    failing(METADATA, 'SOURCE_UNREADABLE')('a title of ten megabytes', withTitle(mp4, 10_000_000)),
    right(METADATA, 'a title of a megabyte', withTitle(mp4, 1_000_000)),
    right('Refers to another file', 'an address for its media', withExternalMedia(mp4, url)),
  ];
}

/** A video of one picture of this size, as its header claims; there is not enough in it for a hundredth of it. */
function pngVideo({ pngVideo: clip }: BaseClips, width: number, height: number): Buffer {
  const picture = pngPicture({ width, height, compressed: deflateSync(Buffer.alloc(1000)) });
  const boxes = readBoxes(clip);
  for (const media of findBoxes(boxes, 'mdat')) media.body = picture;
  for (const sizes of findBoxes(boxes, 'moov/trak/mdia/minf/stbl/stsz')) setUint32(sizes, 4, picture.length);
  for (const { body } of findBoxes(boxes, 'moov/trak/mdia/minf/stbl/stsd')) {
    if (Array.isArray(body)) continue;
    body.writeUInt16BE(width, 40);
    body.writeUInt16BE(height, 42);
  }
  return writeBoxes(boxes);
}

function withPixelAspect(file: Buffer, horizontal: number, vertical: number): Buffer {
  const copy = Buffer.from(file);
  const at = copy.indexOf('pasp') + 4;
  if (at < 4) throw new Error('The file has no pasp');
  copy.writeUInt32BE(horizontal, at);
  copy.writeUInt32BE(vertical, at + 4);
  return copy;
}

function withWavHead(wav: Buffer, head: { channels?: number; rateHz?: number; blockBytes?: number }): Buffer {
  const copy = Buffer.from(wav);
  if (head.channels !== undefined) copy.writeUInt16LE(head.channels, 22);
  if (head.rateHz !== undefined) copy.writeUInt32LE(head.rateHz, 24);
  if (head.blockBytes !== undefined) copy.writeUInt16LE(head.blockBytes, 32);
  return copy;
}

function changeIndex(file: Buffer, change: (index: Box[]) => Box[]): Buffer {
  return withBox(file, 'moov', found => {
    if (Array.isArray(found.body)) found.body = change(found.body);
  });
}

function withoutTracks(file: Buffer): Buffer {
  return changeIndex(file, index => index.filter(({ type }) => type !== 'trak'));
}

function withUnknownCodec(file: Buffer): Buffer {
  return withBox(file, 'moov/trak/mdia/minf/stbl/stsd', ({ body }) => {
    if (!Array.isArray(body)) body.write('zzzz', 12, 'latin1');
  });
}

function withTitle(file: Buffer, length: number): Buffer {
  const title = box('data', Buffer.concat([uint32(1, 0), Buffer.alloc(length, 'a')]));
  const handler = box('hdlr', Buffer.concat([uint32(0, 0), Buffer.from('mdirappl'), Buffer.alloc(9)]));
  const meta = box('meta', Buffer.concat([uint32(0), handler, box('ilst', box('\xa9nam', title))]));
  return changeIndex(file, index => [
    ...index.filter(({ type }) => type !== 'udta'),
    { type: 'udta', body: meta },
  ]);
}

function withExternalMedia(file: Buffer, url: string): Buffer {
  return withBox(file, 'moov/trak/mdia/minf/dinf/dref', found => {
    const location = box('url ', Buffer.concat([uint32(0), Buffer.from(`${url}/media.mp4\0`)]));
    found.body = Buffer.concat([uint32(0, 1), location]);
  });
}
