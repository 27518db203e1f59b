import { sniffContainer } from '../../core/sniff';

const transportPackets = (size: number, offset: number): Buffer => {
  const packets = Buffer.alloc(size * 5, 0x11);
  for (let packet = 0; packet < 5; packet += 1) packets[offset + packet * size] = 0x47;
  return packets;
};

describe('the first bytes of an upload', () => {
  it.each([
    ['MP4', Buffer.from('\0\0\0\u0020ftypisom', 'latin1'), 'MP4/MOV'],
    ['old QuickTime', Buffer.from('\0\0\0\u0008wide\0\0\0\0mdat', 'latin1'), 'MOV'],
    ['Matroska', Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0]), 'Matroska/WebM'],
    ['AVI', Buffer.from('RIFF\0\0\0\0AVI LIST', 'latin1'), 'AVI'],
    ['WAV', Buffer.from('RIFF\0\0\0\0WAVEfmt ', 'latin1'), 'WAV'],
    ['MPEG-TS', transportPackets(188, 0), 'MPEG-TS'],
    ['M2TS', transportPackets(192, 4), 'MPEG-TS'],
    ['MP3 without tags', Buffer.from([0xff, 0xfb, 0x90, 0x64]), 'MP3/AAC'],
    ['ADTS AAC', Buffer.from([0xff, 0xf1, 0x50, 0x80]), 'MP3/AAC'],
    ['AC-3', Buffer.from([0x0b, 0x77, 0, 0, 20, 0x40, 0]), 'AC-3'],
    ['a text', Buffer.from('hello, this is no video'), undefined],
    ['a playlist', Buffer.from('#EXTM3U\nhttp://169.254.170.2/'), undefined],
    ['JSON', Buffer.from('{"preset": "web-720p"}'), undefined],
    ['a JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46]), undefined],
    ['UTF-16 text', Buffer.from([0xff, 0xfe, 0x68, 0x00]), undefined],
    ['a text that begins with G', Buffer.from('Good morning '.repeat(100)), undefined],
    ['nothing', Buffer.alloc(0), undefined],
  ])('of %s', (_what, head, container) => {
    expect(sniffContainer(head)).toBe(container);
  });
});
