import { FfmpegMessages, logLevel } from '../../container/media/ffmpeg-messages';

const THROUGHOUT = { throughout: true };
const statistics = (decoded: number, errors: number): string =>
  `[in#0/matroska,webm @ 0x5] [verbose]   Input stream #0:0 (video): 40 packets read (82944 bytes); ${decoded} frames decoded; ${errors} decode errors; `;

describe('the messages of ffmpeg', () => {
  const read = (plan: { prints?: boolean; throughout?: boolean }, ...lines: string[]): FfmpegMessages => {
    const messages = new FfmpegMessages(plan);
    for (const line of lines) messages.add(line);
    return messages;
  };

  it.each([
    [
      'a tenth and more of the frames of a stream can not be decoded',
      statistics(35, 5),
      { sourceIsDamaged: true },
    ],
    ['few of them can not be decoded', statistics(37, 3), undefined],
    [
      'the source ends within a frame',
      '[matroska,webm @ 0x5] [error] File ended prematurely at pos. 9 (0x9)',
      { sourceIsCutOff: true },
    ],
    ['the source says so in its title', '[info]     title           : File ended prematurely', undefined],
  ])('tell of a fault when %s', (_title, line, fault) => {
    expect(read(THROUGHOUT, statistics(64, 0), line).fault).toEqual(fault);
  });

  it('tell of none when only a part of the source was of interest', () => {
    expect(read({}, statistics(1, 30)).fault).toBeUndefined();
  });

  it('are kept without their level: what was found out, and what was warned of', () => {
    const messages = read(
      { prints: true, throughout: true },
      '[libx264 @ 0x5] [info] SSIM Mean Y:0.97',
      '[vist#0:0/h264 @ 0x5] [dec:h264 @ 0x6] [error] Decoding error: Invalid data',
      '[graph 0 @ 0x5] [verbose] w:320 h:180',
      'encoded 10 frames',
    );
    const error = '[vist#0:0/h264 @ 0x5] [dec:h264 @ 0x6] Decoding error: Invalid data';
    expect(messages.printed).toEqual(['[libx264 @ 0x5] SSIM Mean Y:0.97', error, 'encoded 10 frames']);
    expect(messages.tail.toString()).toBe(`${error}\nencoded 10 frames`);
  });

  it('are as many as are needed', () => {
    expect([{}, { prints: true }, { prints: true, throughout: true }].map(logLevel)).toEqual([
      'level+warning',
      'level+info',
      'level+verbose',
    ]);
  });
});
