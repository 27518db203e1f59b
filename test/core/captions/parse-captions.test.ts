import { CaptionFault } from '../../../core/captions/caption-fault';
import { cutCues, flattenCues, isOnTop } from '../../../core/captions/cue';
import { parseCaptions } from '../../../core/captions/parse-captions';
import { writeWebVtt } from '../../../core/captions/web-vtt';

const bytes = (text: string): Buffer => Buffer.from(text);
const SRT =
  '1\r\n00:00:01,000 --> 00:00:02,500\r\nGrüße & <i>Küsse</i>\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nZwei\r\nZeilen\r\n';

function faultOf(text: string | Buffer): string {
  try {
    parseCaptions(typeof text === 'string' ? bytes(text) : text);
  } catch (error) {
    if (error instanceof CaptionFault) return `${error.line ?? 'file'}: ${error.message}`;
    throw error;
  }
  return 'none';
}

describe('parseCaptions', () => {
  const expected = [
    { startMs: 1000, endMs: 2500, text: 'Grüße &amp; <i>Küsse</i>' },
    { startMs: 3000, endMs: 4000, text: 'Zwei\nZeilen' },
  ];

  it.each([
    ['UTF-8', bytes(SRT)],
    ['UTF-8 with a byte order mark', bytes(`\ufeff${SRT}`)],
    ['UTF-16 with a byte order mark', Buffer.from(`\ufeff${SRT}`, 'utf16le')],
    ['UTF-16 without one', Buffer.from(SRT, 'utf16le')],
    ['big-endian UTF-16', Buffer.from(`\ufeff${SRT}`, 'utf16le').swap16()],
    ['Latin-1', Buffer.from(SRT, 'latin1')],
  ])('reads SRT in %s', (_what, file) => {
    expect(parseCaptions(file)).toEqual(expected);
  });

  it('reads an encoding that can only be told', () => {
    const file = Buffer.concat([
      bytes('1\n00:00:01,000 --> 00:00:02,000\n'),
      Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]),
    ]);
    expect(parseCaptions(file, 'windows-1251')[0]?.text).toBe('Привет');
  });

  it.each([
    ['numbers are missing', '00:01,000 --> 00:02,500\nA\n\n00:03,000 --> 00:04,000\nB', ['A', 'B']],
    ['dots stand for commas', '1\n0:00:01.0 --> 0:00:02.50\nA', ['A']],
    [
      'a blank line stands within a text',
      '1\n00:00:01,000 --> 00:00:02,000\nA\n\nB\n\n2\n00:00:03,000 --> 00:00:04,000\nC',
      ['A\nB', 'C'],
    ],
    [
      'no blank line divides two',
      '1\n00:00:01,000 --> 00:00:02,000\nA\n2\n00:00:03,000 --> 00:00:04,000\nC',
      ['A', 'C'],
    ],
    [
      'a text is a number',
      '1\n00:00:01,000 --> 00:00:02,000\n42\n\n2\n00:00:03,000 --> 00:00:04,000\n7',
      ['42', '7'],
    ],
    [
      'one is empty or of no length',
      '1\n00:00:01,000 --> 00:00:02,000\n\n2\n00:00:03,000 --> 00:00:03,000\nX\n\n3\n00:00:04,000 --> 00:00:05,000\nY',
      ['Y'],
    ],
    [
      'they are out of order',
      '1\n00:00:09,000 --> 00:00:10,000\nB\n\n2\n00:00:03,000 --> 00:00:04,000\nA',
      ['A', 'B'],
    ],
    [
      'tags are unknown, open or crossed',
      '1\n00:00:01,000 --> 00:00:02,000\n<font color="red">A</font> <b>B <i>C</b> 1 < 2',
      ['A <b>B <i>C</i></b> 1 &lt; 2'],
    ],
  ])('reads SRT in which %s', (_what, text, texts) => {
    expect(parseCaptions(bytes(text)).map(cue => cue.text)).toEqual(texts);
  });

  it('reads WebVTT without its styles, classes and voices, and keeps where a caption stands', () => {
    const text =
      'WEBVTT - a title\nKind: captions\n\nSTYLE\n::cue { background: url(http://x) }\n\nNOTE\nHello\n\nintro\n00:01.000 --> 00:02.000 line:10% evil:javascript align:start\n<v Bob><c.yellow>Hi</c> <00:01.500>there\n\n1:00:00 --> 1:00:01.000\n';
    expect(faultOf(text)).toContain('14: Expected a time such as');
    expect(parseCaptions(bytes(text.replace(/\n1:00:00.+\n$/, '')))).toEqual([
      { startMs: 1000, endMs: 2000, text: 'Hi there', settings: 'line:10% align:start' },
    ]);
  });

  it('reads ASS: dialogue, its line breaks, what is italic and what stands at the top', () => {
    const text = `[Script Info]
Title: x
[V4+ Styles]
Format: Name
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,not shown
Dialogue: 0,0:00:01.50,0:00:02.00,Default,,0,0,0,,{\\an8\\fs20}Well, {\\i1}yes{\\i0}\\Nno
Dialogue: 0,0:00:01.00,0:00:09.00,Default,,0,0,0,,{\\p1}m 0 0 l 100 0
`;
    const cues = parseCaptions(bytes(text));
    expect(cues).toEqual([{ startMs: 1500, endMs: 2000, text: 'Well, <i>yes</i>\nno', settings: 'line:0' }]);
    expect(cues.map(isOnTop)).toEqual([true]);
  });

  it.each([
    [
      '1\n00:00:01,000 -> 00:00:02,000\nA',
      '2: Expected a time such as 00:00:01,000 --> 00:00:02,000, found "00:00:01,000 -> 00:00:02,000"',
    ],
    ['1\n00:00:01,000 --> 00:0x:02,000\nA', '2: Expected a time such as'],
    ['1\n\n00:00:05,000 --> 00:00:02,000\nA', '3: It ends before it begins'],
    ['WEBVTT\n\n00:01.000 --> 00:02\nA', '3: Expected a time such as 00:01.000 --> 00:02.000'],
    ['[Events]\nFormat: Start, End, Text\nDialogue: 0:01,0:02,A', '3: Expected times such as'],
    ['<?xml version="1.0"?><tt/>', '1: It is XML'],
    ['', 'file: There is not a single caption in it.'],
    ['WEBVTT\n\n', 'file: There is not a single caption in it.'],
    [Buffer.from([1, 0, 0, 0, 5, 0, 0, 0, 0, 0, 7, 8, 0, 0]), 'file: It is no text file.'],
  ])('names the line at which %j is broken', (text, fault) => {
    expect(faultOf(text)).toContain(fault);
  });
});

describe('cues', () => {
  const cue = (startMs: number, endMs: number, text: string) => ({ startMs, endMs, text });

  it('are cut to an excerpt and go by its time', () => {
    const cues = [
      cue(0, 1000, 'before'),
      cue(1500, 3000, 'across'),
      cue(4000, 9000, 'to the end'),
      cue(9000, 9500, 'after'),
    ];
    expect(cutCues(cues, { startSeconds: 2, endSeconds: 5 })).toEqual([
      cue(0, 1000, 'across'),
      cue(2000, 3000, 'to the end'),
    ]);
  });

  it('that overlap become one after another for formats that show one at a time', () => {
    expect(flattenCues([cue(0, 3000, 'A'), cue(1000, 2000, 'B'), cue(3000, 4000, 'C')])).toEqual([
      cue(0, 1000, 'A'),
      cue(1000, 2000, 'A\nB'),
      cue(2000, 3000, 'A'),
      cue(3000, 4000, 'C'),
    ]);
  });

  it('are written as they were read', () => {
    const cues = [{ ...cue(3_661_001, 3_662_000, 'a &lt;b&gt; <i>c</i>'), settings: 'line:0' }];
    expect(writeWebVtt(cues)).toBe('WEBVTT\n\n01:01:01.001 --> 01:01:02.000 line:0\na &lt;b&gt; <i>c</i>\n');
    expect(parseCaptions(bytes(writeWebVtt(cues)))).toEqual(cues);
  });
});
