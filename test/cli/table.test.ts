import { formatBytes, formatTable } from '../../cli/table';

describe('a table', () => {
  it('has columns as wide as their widest cell, those of numbers to the right, and nothing after the last cell', () => {
    expect(
      formatTable(
        ['file', 'bytes', 'note'],
        [
          ['a.mp4', '12.0 KiB', 'first'],
          ['longer.mp4', '3 B', ''],
        ],
      ).split('\n'),
    ).toEqual([
      'file           bytes  note',
      '──────────  ────────  ─────',
      'a.mp4       12.0 KiB  first',
      'longer.mp4       3 B',
    ]);
  });

  it('leaves a missing cell empty', () => {
    expect(
      formatTable(['a', 'b'], [['x']])
        .split('\n')
        .at(-1),
    ).toBe('x');
  });
});

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1536 * 1024, '1.5 MiB'],
    [5 * 1024 ** 4, '5.0 TiB'],
    [5000 * 1024 ** 4, '5000.0 TiB'],
  ])('%d are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});
