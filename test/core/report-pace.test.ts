import { shouldReport } from '../../core/report-pace';

describe('shouldReport', () => {
  it.each([
    ['enough gained after enough time', 5, 2000, true],
    ['enough gained too soon', 50, 1999, false],
    ['too little gained', 4.9, 59_999, false],
    ['nothing gained for a minute', 0, 60_000, true],
  ])('with %s', (_title, ...[percent, atMs, expected]) => {
    expect(shouldReport({ percent: 0, atMs: 0 }, { percent, atMs })).toBe(expected);
  });
});
