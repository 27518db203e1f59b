import { formatMicroseconds, parseRational, rescale, toTicks } from '../../core/time-base';

describe('rescale', () => {
  it.each<[string, number, string, string, number]>([
    ['to the nearest', 3, '1/25', '1/90000', 10_800],
    ['halves away from zero', 1, '1/50', '1/25', 1],
    ['below zero as above it', -1, '1/50', '1/25', -1],
    ['just below a half down', 49, '1/100', '1/1', 0],
    [
      'exactly where doubles would not be',
      9_007_199_254_740_991,
      '1/90000',
      '1/180000',
      18_014_398_509_481_982,
    ],
  ])('rounds %s', (_title, ...[value, from, to, expected]) => {
    expect(rescale(value, parseRational(from), parseRational(to))).toBe(expected);
  });
});

describe('toTicks', () => {
  it('goes by the microseconds in which ffmpeg reads its options', () => {
    expect(toTicks(1.456778, parseRational('1/90000'))).toBe(131_110);
    expect(toTicks(-1.456778, parseRational('1/90000'))).toBe(-131_110);
  });
});

it('writes microseconds as ffmpeg reads them', () => {
  expect(formatMicroseconds(-1_500_000)).toBe('-1.500000');
});
