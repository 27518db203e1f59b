import { chooseFrameRate, formatFrameRate } from '../../core/frame-rate';

const NTSC = 30_000 / 1001;

describe('chooseFrameRate', () => {
  it.each<[string, number, number, number | undefined, string, number]>([
    ['no cap', 60, 60, undefined, 'keep', 60],
    ['a slower source', 12.5, 12.5, 30, 'keep', 12.5],
    ['a source at the cap', NTSC, NTSC, 30, 'keep', NTSC],
    ['a rate a trifle above the cap', 30.01, 30, 30, 'keep', 30.01],
    ['a multiple of the cap', 60, 60, 30, 'steady', 30],
    ['NTSC above the cap', NTSC * 2, NTSC * 2, 30, 'steady', NTSC],
    ['every second frame when that is near enough', 50, 50, 30, 'steady', 25],
    ['the cap when every second frame were too few', 35, 35, 30, 'steady', 30],
    ['a variable rate that is too fast at times', 28, 60, 30, 'steady', 30],
    ['a variable rate declared as time stamps', 7.2, 57_600, 60, 'keep', 7.2],
  ])('with %s', (_title, ...[frameRate, declaredFrameRate, cap, kind, framesPerSecond]) => {
    const choice = chooseFrameRate({ frameRate, declaredFrameRate }, cap);
    expect(choice.kind).toBe(kind);
    expect(choice.framesPerSecond).toBeCloseTo(framesPerSecond, 6);
  });
});

describe('formatFrameRate', () => {
  it.each([
    [25, '25'],
    [12.5, '12.5'],
    [NTSC, '30000/1001'],
    [24_000 / 1001, '24000/1001'],
    [7.218, '7.218'],
  ])('writes %p as %s', (rate, text) => expect(formatFrameRate(rate)).toBe(text));
});
