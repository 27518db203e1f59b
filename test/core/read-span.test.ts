import type { KeyFrame } from '../../core/packet-table';
import { lastOfPiece, readSpanOf } from '../../core/read-span';

const KIB = 1024;
const KEYS: KeyFrame[] = [0, 50, 100, 150].map(pts => ({ pts, dts: pts, position: 1000 + pts * 10 }));

describe('readSpanOf', () => {
  it.each([
    ['from its key frame to that of what follows', { seekPts: 51, endPts: 100 }, { first: 1500, end: 2000 }],
    [
      'to the next key frame when it ends between two',
      { seekPts: 51, endPts: 101 },
      { first: 1500, end: 2500 },
    ],
    ['from the first frame when nothing is sought', { endPts: 50 }, { first: 1000, end: 1500 }],
    ['to the end when no key frame follows', { seekPts: 101, endPts: 151 }, { first: 2000 }],
  ])('goes %s', (_title, chunk, expected) => {
    expect(readSpanOf(chunk, KEYS)).toEqual({ head: 1000, ...expected });
  });

  it('is none where a source does not tell where its frames lie, or has them in another order', () => {
    const chunk = { seekPts: 51, endPts: 100 };
    expect(readSpanOf(chunk, [])).toBeUndefined();
    expect(
      readSpanOf(
        chunk,
        KEYS.map(({ pts, dts }) => ({ pts, dts })),
      ),
    ).toBeUndefined();
    const moved = KEYS.map((key, index) => (index === 2 ? { ...key, position: 1400 } : key));
    expect(readSpanOf(chunk, moved)).toBeUndefined();
  });
});

describe('lastOfPiece', () => {
  const span = { head: 4000, first: 2_000_000, end: 3_000_000 };
  const last = 99_999_999;

  it.each([
    ['the whole index at once', { next: 0, pieces: 0 }, 3999],
    ['the rest of the span at once', { next: 2_000_500, pieces: 3 }, 2_999_999],
    ['little before the span', { next: 4000, pieces: 0 }, 4000 + 256 * KIB - 1],
    ['up to the span, and no further', { next: 1_900_000, pieces: 0 }, 1_999_999],
    ['little behind it', { next: 3_000_000, pieces: 0 }, 3_000_000 + 256 * KIB - 1],
    [
      'twice as much each time the reader wants more',
      { next: 3_500_000, pieces: 2 },
      3_500_000 + KIB ** 2 - 1,
    ],
    ['at most eight MiB', { next: 3_000_000, pieces: 40 }, 3_000_000 + 8 * KIB ** 2 - 1],
  ])('asks for %s', (_title, { next, pieces }, expected) => {
    expect(lastOfPiece({ next, last }, { span, pieces })).toBe(expected);
  });

  it('asks for all that the reader wants when nothing is known', () => {
    expect(lastOfPiece({ next: 5, last }, { span: undefined, pieces: 0 })).toBe(last);
  });

  it('never asks for more than the reader wants', () => {
    expect(lastOfPiece({ next: 2_500_000, last: 2_600_000 }, { span, pieces: 0 })).toBe(2_600_000);
  });
});
