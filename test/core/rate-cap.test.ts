import { leastBuffered } from '../../core/rate-cap';

const CAP = { bitsPerSecond: 8000, bufferBits: 16_000 };
const every = (seconds: number, bytes: number, count: number): { seconds: number; bytes: number }[] =>
  Array.from({ length: count }, (_, index) => ({ seconds: index * seconds, bytes }));

describe('leastBuffered', () => {
  it.each([
    ['stays level with packets of just the rate that comes in', every(0.1, 100, 100), 0.85],
    ['is never more than the buffer holds, however long nothing is taken', every(60, 1000, 3), 0.4],
    ['falls by what a large packet takes', [{ seconds: 0, bytes: 1500 }], 0.15],
    ['falls below nothing when more is wanted than came in', every(0.1, 200, 30), -0.65],
    ['is as full as at first when nothing is played', [], 0.9],
  ])('%s', (_title, packets, expected) => {
    expect(leastBuffered(packets, CAP)).toBeCloseTo(expected, 6);
  });
});
