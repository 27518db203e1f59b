import { scoreText } from '../../cli/score-text';

describe('scoreText', () => {
  const score = { metric: 'ssim', value: 0.9712, target: 0.97, floor: 0.964, crf: 27, rounds: 1 } as const;

  it('says how good it is, and at which crf', () => {
    expect(scoreText(score)).toBe('ssim 0.9712 at crf 27');
    expect(scoreText(undefined)).toBe('');
  });

  it('says so when some chunks have a lower one', () => {
    expect(scoreText({ ...score, lowestCrf: 22, rounds: 2 })).toBe('ssim 0.9712 at crf 27 to 22, 2 encodes');
  });

  it('says what was missed, and why', () => {
    expect(scoreText({ ...score, value: 0.9, rounds: 2, missedBecause: 'maxBitrateKbps' })).toBe(
      'ssim 0.9 at crf 27, 2 encodes, below 0.964: maxBitrateKbps does not allow it',
    );
  });
});
