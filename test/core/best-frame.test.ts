import type { Candidate } from '../../core/best-frame';
import { bestFrameSeconds, parseCandidates } from '../../core/best-frame';

const frame = (seconds: number, blur: number, light: [average: number, contrast: number]): Candidate => ({
  seconds,
  blur,
  averageLuma: light[0],
  contrast: light[1],
});

describe('bestFrameSeconds', () => {
  const black = frame(0, 0, [16, 0]);
  const dim = frame(1, 1, [25, 60]);
  const blank = frame(2, 0, [200, 3]);
  const blurred = frame(3, 9, [120, 150]);
  const sharp = frame(4.0005, 4, [110, 120]);

  it.each<[string, readonly Candidate[], number | undefined]>([
    ['the sharpest of those that show something', [black, dim, blank, blurred, sharp], 4],
    ['the earlier of two that are alike', [blurred, { ...blurred, seconds: 9 }], 3],
    ['the one of most contrast when none is good', [black, dim, blank], 1],
    ['none when there is none', [], undefined],
  ])('is %s', (_title, ...[candidates, seconds]) => {
    expect(bestFrameSeconds(candidates)).toBe(seconds);
  });
});

describe('parseCandidates', () => {
  it('reads what the filters print, and nothing that a file says of itself', () => {
    const lines = [
      '    title           : lavfi.blur=1',
      '[Parsed_metadata_6 @ 0x5581] frame:0    pts:0       pts_time:0',
      '[Parsed_metadata_6 @ 0x5581] lavfi.blur=4.5',
      '[Parsed_metadata_6 @ 0x5581] lavfi.signalstats.YLOW=41',
      '[Parsed_metadata_6 @ 0x5581] lavfi.signalstats.YAVG=120.7',
      '[Parsed_metadata_6 @ 0x5581] lavfi.signalstats.YHIGH=210',
      '[Parsed_metadata_6 @ 0x5581] frame:1    pts:25600   pts_time:2.0',
      '[Parsed_metadata_6 @ 0x5581] lavfi.blur=-nan',
    ];
    expect(parseCandidates(lines)).toEqual([
      { seconds: 0, blur: 4.5, averageLuma: 120.7, contrast: 169 },
      { seconds: 2, blur: 0, averageLuma: 0, contrast: 0 },
    ]);
  });
});
