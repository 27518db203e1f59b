import { findCutOff } from '../../core/cut-off';

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const riff = (size: number): Buffer => {
  const head = ascii('RIFF\0\0\0\0AVI LIST');
  head.writeUInt32LE(size, 4);
  return head;
};
const mkv = (...segmentSize: readonly number[]): Buffer =>
  Buffer.concat([
    Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0x82, 0, 0, 0x18, 0x53, 0x80, 0x67]),
    Buffer.from(segmentSize),
    Buffer.alloc(8),
  ]);
const mp4 = (mediaBytes: number): Buffer =>
  Buffer.concat([uint32(16), ascii('ftypisom\0\0\0\0'), uint32(mediaBytes), ascii('mdat'), Buffer.alloc(64)]);
const packets = (size: number, offset: number): Buffer => {
  const head = Buffer.alloc(4096, 0x11);
  for (let at = offset; at < head.length; at += size) head[at] = 0x47;
  return head;
};

describe('findCutOff', () => {
  it.each([
    ['an AVI', riff(50_000), 50_008, 25_000],
    ['a Matroska file', mkv(0x40, 0x64), 113, 60],
    ['an MP4 with its index behind', mp4(9000), 9016, 4500],
    ['an AIFF', Buffer.concat([ascii('FORM'), uint32(900), ascii('AIFF')]), 908, 450],
    ['a transport stream', packets(188, 0), 188_000, 94_001],
    ['a transport stream with time codes', packets(192, 4), 192_000, 96_001],
  ])('notices half of %s, and is content with the whole', (_what, head, ...[whole, half]) => {
    expect(findCutOff(head, half)).toBeDefined();
    expect(findCutOff(head, whole)).toBeUndefined();
  });

  it('names the bytes that the file should have', () => {
    expect(findCutOff(mp4(9000), 100)).toEqual({ container: 'MP4 or MOV', announcedBytes: 9016 });
  });

  it.each([
    ['an AVI that was written as a stream', riff(0xffff_ffff)],
    ['a recording of a browser', mkv(0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)],
    ['a WAV with a size of zero', riff(0)],
    ['an MP4 of which the media go on to the end', mp4(0)],
    ['text', ascii('Good morning '.repeat(100))],
    ['a few bytes', ascii('RIF')],
    ['nothing', Buffer.alloc(0)],
  ])('knows of nothing missing in %s', (_what, head) => {
    expect(findCutOff(head, 100)).toBeUndefined();
  });
});
