import { presetSchema } from '../../../core/preset';
import { parseComparison } from '../../../core/quality/comparison-plan';
import { parseEncoderScores } from '../../../core/quality/encoder-score';
import { meanScore } from '../../../core/quality/metric';
import { samplePlaces } from '../../../core/quality/sample-places';
import { scoreOfChunks } from '../../../core/quality/score';
import { floorOf } from '../../../core/quality/target';

const wanted = (metric: string, score: number): Parameters<typeof parseEncoderScores>[1] => {
  const { outputs } = presetSchema.parse({
    outputs: [{ kind: 'video', name: 'v', video: { quality: { target: { metric, score } } } }],
  });
  return outputs.flatMap(output => (output.kind === 'video' ? [output.video] : []));
};

describe('the scores that x264 prints', () => {
  const lines = [
    '[libx264 @ 0x55] frame P:13    Avg QP:30.14  size:   796  PSNR Mean Y:34.61 U:32.37 V:32.12 Avg:33.67 Global:33.62',
    '[libx264 @ 0x55] SSIM Mean Y:0.9549854 (13.466db)',
    '[libx264 @ 0x66] PSNR Mean Y:34.270 U:32.015 V:31.746 Avg:33.314 Global:33.247 kb/s:42.99',
    '[libx264 @ 0x77] SSIM Mean Y:0.9778619 (16.549db)',
  ];
  const [ssim, psnr] = [wanted('ssim', 0.95), wanted('psnr', 35)];

  it('belong to the encodes in their order', () => {
    expect(parseEncoderScores(lines, [...ssim, ...psnr, ...ssim])).toEqual([0.9549854, 33.247, 0.9778619]);
  });

  it('are found beside those of x265', () => {
    const hevc = ssim.map(settings => ({ ...settings, codec: 'hevc' as const }));
    const encoded =
      'encoded 96 frames in 1.24s (77.17 fps), 342.09 kb/s, Avg QP:30.51, SSIM Mean Y: 0.9851471 (18.282 dB)';
    expect(parseEncoderScores([...lines, encoded], [...hevc, ...ssim, ...psnr, ...ssim])).toEqual([
      ...[0.9851471, 0.9549854, 33.247, 0.9778619],
    ]);
  });

  it('count for nothing when there is one too few or too many', () => {
    expect(parseEncoderScores(lines, [...ssim, ...psnr])).toBeUndefined();
    expect(parseEncoderScores(lines, [...ssim, ...ssim, ...psnr, ...psnr])).toBeUndefined();
  });
});

describe('the scores that filters print', () => {
  it('belong to the file of their number', () => {
    const lines = [
      '[psnr@q1 @ 0x55] PSNR y:34.2 u:31.9 v:31.7 average:33.268428 min:32.1 max:36.3',
      '[ssim@q0 @ 0x56] SSIM Y:0.958737 (13.84) U:0.96 (14.2) V:0.96 (14.8) All:0.960696 (14.05)',
      '[libvmaf@q2 @ 0x57] VMAF score: 93.417032',
      '[psnr@q3 @ 0x58] PSNR y:inf u:inf v:inf average:inf min:inf max:inf',
      'frame= 40',
    ];
    expect([...parseComparison(lines)].sort(([a], [b]) => a - b)).toEqual([
      [0, 0.958737],
      [1, 33.268428],
      [2, 93.417032],
      [3, 100],
    ]);
  });
});

describe('a score of several parts', () => {
  const score = { metric: 'ssim', value: 0.9, target: 0.97, floor: 0.96, crf: 24, rounds: 1 } as const;

  it('weighs them by their frames, PSNR by the error', () => {
    expect(
      meanScore('ssim', [
        { score: 0.9, frames: 100 },
        { score: 0.96, frames: 200 },
      ]),
    ).toBeCloseTo(0.94, 6);
    expect(
      meanScore('psnr', [
        { score: 30, frames: 1 },
        { score: 40, frames: 1 },
      ]),
    ).toBeCloseTo(32.6, 1);
  });

  const good = { score: { ...score, value: 0.99 }, frames: 100 };
  const capped = { ...score, crf: 16, rounds: 2, missedBecause: 'maxBitrateKbps' } as const;

  it.each<[string, Parameters<typeof scoreOfChunks>[0], object]>([
    ['one chunk', [{ score: { ...score, value: 0.98 }, frames: 3 }], { value: 0.98 }],
    [
      'a chunk that was encoded again',
      [good, { score: { ...score, value: 0.97, crf: 19, rounds: 2 }, frames: 100 }],
      { value: 0.98, lowestCrf: 19, rounds: 2 },
    ],
    [
      'one that misses the floor, though the whole does not',
      [good, good, { score: capped, frames: 100 }],
      { value: 0.96, lowestCrf: 16, rounds: 2 },
    ],
    [
      'a whole that misses the floor, with the reason',
      [good, { score: capped, frames: 200 }],
      { value: 0.93, lowestCrf: 16, rounds: 2, missedBecause: 'maxBitrateKbps' },
    ],
  ])('tells of %s', (_what, parts, told) => {
    expect(scoreOfChunks(parts)).toEqual({ ...score, ...told });
  });

  it('is none when a part has none', () => {
    expect(scoreOfChunks([])).toBeUndefined();
    expect(scoreOfChunks([{ score, frames: 1 }, { frames: 1 }])).toBeUndefined();
  });
});

describe('a floor', () => {
  it.each([
    [{ metric: 'ssim', score: 0.97 }, 0.964],
    [{ metric: 'psnr', score: 40 }, 39.5],
    [{ metric: 'vmaf', score: 93 }, 91],
    [{ metric: 'ssim', score: 0.97, floor: 0.9 }, 0.9],
  ] as const)('of %j is %d', (target, floor) => {
    expect(floorOf(target)).toBe(floor);
  });
});

describe('the places that are tried', () => {
  it('are spread over the source, or all of a short one', () => {
    expect(samplePlaces({ startSeconds: 0 }, 3)).toEqual([{ fromSeconds: 0, seconds: 4 }]);
    expect(samplePlaces({ startSeconds: 0 }, 60)).toEqual([
      { fromSeconds: 14, seconds: 2 },
      { fromSeconds: 29, seconds: 2 },
      { fromSeconds: 44, seconds: 2 },
    ]);
  });

  it('lie within the part that is wanted, and are no longer for a long source', () => {
    const places = samplePlaces({ startSeconds: 100, endSeconds: 140 }, 3600);
    expect(places.every(({ fromSeconds }) => fromSeconds >= 100 && fromSeconds < 140)).toBe(true);
    expect(samplePlaces({ startSeconds: 0 }, 36_000).map(({ seconds }) => seconds)).toEqual([4, 4, 4]);
  });
});
