import {
  formatFrameRate,
  formatGuessedBytes,
  formatGuessedSeconds,
  formatRange,
  formatSeconds,
  formatUsd,
} from '../../cli/units';

describe('units', () => {
  it.each([
    [0.25, '0.25 s'],
    [9.999, '10 s'],
    [59.6, '60 s'],
    [125, '2 min 05 s'],
    [3569, '59 min 29 s'],
    [3599.7, '1 h 00 min'],
    [7290, '2 h 02 min'],
  ])('%d seconds are %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text));

  it.each([
    [0.000583, '0.00058'],
    [0.12, '0.12'],
    [12.345, '12.35'],
  ])('%d USD are %s', (usd, text) => expect(formatUsd(usd)).toBe(text));

  it('gives a guess no more digits than it is worth', () => {
    expect(formatGuessedSeconds(3.337)).toBe('3.3 s');
    expect(formatGuessedBytes(356.2 * 1024)).toBe('356 KiB');
    expect(formatGuessedBytes(2.64 * 1024 ** 2)).toBe('2.6 MiB');
  });

  it('leaves out a range of nothing', () => {
    expect(formatRange({ least: 1, likely: 1, most: 1 }, formatUsd)).toBe('about 1.00');
    expect(formatRange({ least: 1, likely: 2, most: 4 }, formatUsd)).toBe('about 2.00 (1.00 to 4.00)');
  });

  it('writes frame rates as people do', () => {
    expect([25, 30000 / 1001].map(formatFrameRate)).toEqual(['25', '29.97']);
  });
});
