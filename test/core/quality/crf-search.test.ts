import type { Trial } from '../../../core/quality/crf-search';
import { chooseCrf, firstCrfs, furtherCrfs, nextRound } from '../../../core/quality/crf-search';

const PSNR = { metric: 'psnr', score: 40 } as const;
const SSIM = { metric: 'ssim', score: 0.97 } as const;

/** PSNR that falls by half a decibel with each step of crf. */
const falling = (...crfs: readonly number[]): Trial[] => crfs.map(crf => ({ crf, score: 52 - crf / 2 }));

describe('the search for a crf', () => {
  it('begins around the one of the preset, within what makes sense', () => {
    expect(firstCrfs(23)).toEqual([15, 20, 25, 30]);
    expect(firstCrfs(12)).toEqual([10, 14, 19]);
    expect(firstCrfs(51)).toEqual([40]);
  });

  it('takes the highest crf that reaches the target, between those that were tried', () => {
    expect(chooseCrf(falling(15, 20, 25, 30), PSNR)).toBe(24);
    expect(
      chooseCrf(
        [
          { crf: 20, score: 0.98 },
          { crf: 25, score: 0.96 },
        ],
        SSIM,
      ),
    ).toBe(22);
  });

  it('takes the nearest when none reaches the target, and the cheapest when all do', () => {
    expect(chooseCrf(falling(25, 30), PSNR)).toBe(25);
    expect(chooseCrf(falling(15, 20), PSNR)).toBe(20);
    const starved = [
      { crf: 10, score: 30 },
      { crf: 15, score: 31 },
      { crf: 20, score: 31 },
    ];
    expect(chooseCrf(starved, PSNR)).toBe(20);
  });

  it.each<[string, Trial[], number[]]>([
    ['nowhere when the target lies between', falling(20, 25), []],
    ['beyond the highest that still reaches it', falling(10, 15), [20, 25]],
    ['below the lowest that does not reach it', falling(30, 35), [20, 25]],
    [
      'no further than the highest that makes sense',
      falling(15, 23).map(t => ({ ...t, crf: t.crf + 17 })),
      [],
    ],
    [
      'nowhere when a lower crf gains nothing',
      [
        { crf: 20, score: 31 },
        { crf: 25, score: 31 },
      ],
      [],
    ],
  ])('looks further %s', (_where, trials, crfs) => {
    expect(furtherCrfs(trials, PSNR)).toEqual(crfs);
  });
});

describe('what follows a whole encode', () => {
  const options = { isCapped: false };

  it.each<[string, Trial[], object, object]>([
    ['nothing above the floor', [{ crf: 24, score: 39.6 }], {}, { kind: 'good' }],
    ['another with a crf lower by what is lacking', [{ crf: 24, score: 37 }], {}, { kind: 'again', crf: 19 }],
    ['a step of at most eight', [{ crf: 30, score: 20 }], {}, { kind: 'again', crf: 22 }],
    ['no end below the lowest crf', [{ crf: 10, score: 30 }], {}, { kind: 'missed', because: 'lowestCrf' }],
    [
      'the end after the last round',
      [
        { crf: 30, score: 35 },
        { crf: 24, score: 36 },
        { crf: 20, score: 38 },
      ],
      {},
      { kind: 'missed', because: 'rounds' },
    ],
    [
      'the end when the cap on the bit rate lets no crf gain',
      [
        { crf: 24, score: 33 },
        { crf: 16, score: 33.2 },
      ],
      { isCapped: true },
      { kind: 'missed', because: 'maxBitrateKbps' },
    ],
  ])('is %s', (_what, ...[rounds, changes, next]) => {
    expect(nextRound(rounds, PSNR, { ...options, ...changes })).toEqual(next);
  });

  it('is measured by the floor of the preset where it has one', () => {
    expect(nextRound([{ crf: 24, score: 37 }], { ...PSNR, floor: 36 }, options)).toEqual({ kind: 'good' });
  });
});
