import { cutWithin, HoleMeter, unitOf } from '../../../core/units/stream-units';
import type { Unit } from '../../../core/units/unit';

const repeat = (count: number, make: (index: number) => Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, index) => make(index)));

function adtsFrame(length: number): Buffer {
  const frame = Buffer.alloc(length, 0x55);
  const size = [0x80 | (length >> 11), (length >> 3) & 0xff, ((length & 7) << 5) | 0x1f];
  Buffer.from([0xff, 0xf1, 0x50, ...size, 0xfc]).copy(frame);
  return frame;
}

/** At 48 kHz: code 20 stands for 192 kbit/s. */
function ac3Frame(): Buffer {
  const frame = Buffer.alloc(768, 0x55);
  Buffer.from([0x0b, 0x77, 0x00, 0x00, 20, 8 << 3]).copy(frame);
  return frame;
}

function eac3Frame(length: number): Buffer {
  const frame = Buffer.alloc(length, 0x55);
  const words = length / 2 - 1;
  Buffer.from([0x0b, 0x77, words >> 8, words & 0xff, 0x3f, 16 << 3]).copy(frame);
  return frame;
}

function oggPage(segments: readonly number[], stream = 1): Buffer {
  const head = Buffer.alloc(27);
  head.write('OggS', 'latin1');
  head.writeUInt32LE(stream, 14);
  head.writeUInt8(segments.length, 26);
  const body = Buffer.alloc(
    segments.reduce((sum, size) => sum + size, 0),
    0x55,
  );
  return Buffer.concat([head, Buffer.from(segments), body]);
}

const PACK = Buffer.from([0, 0, 1, 0xba, 0x44, 0, 4, 0, 4, 1, 0, 0, 3, 0xf8]);

function pes(payload: Buffer, code = 0xe0): Buffer {
  const head = Buffer.from([0, 0, 1, code, 0, 0, 0x80, 0, 0]);
  head.writeUInt16BE(payload.length + 3, 4);
  return Buffer.concat([PACK, head, payload]);
}

/** A picture as far as its rows of blocks tell. @param structure 3: a frame, 1 or 2: a field */
function picture(rows: number, structure = 3): Buffer {
  const row = (index: number): Buffer => Buffer.from([0, 0, 1, index + 1, 0x55, 0x55]);
  const start = Buffer.from([0, 0, 1, 0, 0x55, 0x55, 0, 0, 1, 0xb5, 0x8f, 0xff, 0xf0 | structure, 0x55]);
  return Buffer.concat([start, repeat(rows, row)]);
}

const MPEG2 = { video: { codec: 'mpeg2video' } } as Parameters<typeof cutWithin>[2];

function known(format: string, head: Uint8Array = new Uint8Array()): Unit {
  const unit = unitOf({ format }, head);
  if (unit === undefined) throw new Error(`${format} has no units`);
  return unit;
}

const aac = repeat(6, index => adtsFrame(90 + index));
const ogg = repeat(4, () => oggPage([255, 20, 30]));
const tag = Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125)]);
const ps = repeat(4, () => pes(picture(18)));

describe('the end of a stream without a length', () => {
  it.each<[string, string, Buffer, string | undefined]>([
    ['a whole frame of AAC', 'aac', aac, undefined],
    ['a whole frame, and a tag', 'aac', Buffer.concat([aac, tag]), undefined],
    ['zeros that fill a block', 'aac', Buffer.concat([aac, Buffer.alloc(999)]), undefined],
    ['half a frame of AAC', 'aac', aac.subarray(0, -40), 'frame'],
    ['the first bytes of a header', 'aac', Buffer.concat([aac, aac.subarray(0, 3)]), 'frame'],
    ['so few frames that they may be chance', 'aac', aac.subarray(0, 150), undefined],
    ['a whole frame of AC-3', 'ac3', repeat(4, ac3Frame), undefined],
    ['half a frame of AC-3', 'ac3', repeat(4, ac3Frame).subarray(0, -99), 'frame'],
    ['half a frame of E-AC-3', 'eac3', repeat(4, () => eac3Frame(512)).subarray(0, -1), 'frame'],
    ['a whole page of Ogg', 'ogg', ogg, undefined],
    ['half a page', 'ogg', ogg.subarray(0, -10), 'page'],
    ['a page whose last packet goes on', 'ogg', Buffer.concat([ogg, oggPage([40, 255])]), 'packet'],
    [
      'one that goes on in another stream',
      'ogg',
      Buffer.concat([ogg, oggPage([255], 2), oggPage([9])]),
      'packet',
    ],
    ['a whole packet of a program stream', 'mpeg', ps, undefined],
    [
      'a mark of the end, and padding',
      'mpeg',
      Buffer.concat([ps, Buffer.from([0, 0, 1, 0xb9]), Buffer.alloc(50)]),
      undefined,
    ],
    ['half a packet', 'mpeg', ps.subarray(0, -5), 'packet'],
    ['a picture that lacks rows', 'mpeg', Buffer.concat([ps, pes(picture(7))]), 'picture'],
    ['a field after frames', 'mpeg', Buffer.concat([ps, pes(picture(9, 1)), pes(picture(9, 2))]), undefined],
    ['a middle of a packet before it', 'mpeg', ps.subarray(30), undefined],
  ])('is %s', (_what, ...[format, bytes, within]) => {
    expect(cutWithin(bytes, known(format), MPEG2)).toBe(within);
  });

  it('is not looked for where the format tells the length', () => {
    expect(unitOf({ format: 'mov,mp4,m4a,3gp,3g2,mj2' }, aac)).toBeUndefined();
  });
});

describe('what is missing in the middle of a stream', () => {
  const ts = repeat(200, () => Buffer.alloc(188, 0x55).fill(0x47, 0, 1));
  const timed = repeat(200, () => Buffer.alloc(192, 0x55).fill(0x47, 4, 5));
  const frames = repeat(400, index => adtsFrame(90 + (index % 9)));
  const holed = (bytes: Buffer, from: number, to: number): Buffer =>
    Buffer.from(bytes).fill(0, bytes.length * from, bytes.length * to);

  it.each<[string, string, Buffer, number]>([
    ['nothing of a transport stream', 'mpegts', ts, 0],
    ['nothing of one with time codes', 'mpegts', timed, 0],
    ['a third of it', 'mpegts', holed(ts, 0.4, 0.7), 0.3],
    ['all to the end', 'mpegts', holed(ts, 0.5, 1), 0.5],
    ['a third of bare AAC', 'aac', holed(frames, 0.4, 0.7), 0.3],
    ['nothing where a tag stands in front', 'aac', Buffer.concat([Buffer.alloc(5000, 0x33), frames]), 0],
  ])('is %s', (_what, ...[format, bytes, share]) => {
    const meter = new HoleMeter(known(format, bytes.subarray(0, 4096)));
    for (let at = 0; at < bytes.length; at += 1000) meter.add(bytes.subarray(at, at + 1000));
    expect(meter.lostShare()).toBeCloseTo(share, 1);
  });
});
