import { tellsOfDamage } from '../../core/damage';
import { GapMeter } from '../../core/time-gaps';

/** Share that is missing of packets of these kinds and times. */
function missing(...packets: readonly (readonly [kind: string, times: readonly number[]])[]): number {
  const meter = new GapMeter();
  for (const [kind, times] of packets) for (const time of times) meter.add(`${kind},${time.toFixed(3)}`);
  return meter.missingShare();
}

const every = (seconds: number, from: number, to: number): number[] =>
  Array.from({ length: Math.round((to - from) / seconds) }, (_, index) => from + index * seconds);

describe('the time in which a source has nothing', () => {
  it.each([
    ['none of a whole one', missing(['video', every(0.04, 0, 10)]), 0],
    ['none where there is sound meanwhile', missing(['video', [0, 9]], ['audio', every(0.02, 0, 10)]), 0],
    ['none of a picture every two seconds', missing(['video', every(2, 0, 60)]), 0],
    [
      'what neither has',
      missing(['video', [...every(0.04, 0, 3), ...every(0.04, 7, 10)]], ['audio', every(0.02, 0, 3)]),
      0.4,
    ],
    [
      'what captions fill',
      missing(['video', [...every(0.04, 0, 3), ...every(0.04, 7, 10)]], ['subtitle', [5]]),
      0.4,
    ],
    ['none of nothing', missing(), 0],
  ])('is %s', (_what, share, expected) => {
    expect(share).toBeCloseTo(expected, 1);
  });
});

describe('a message of damage', () => {
  it.each([
    ['[matroska,webm @ 0x1] 0x00 at pos 31016 (0x7928) invalid as first byte of an EBML number', true],
    ['[mpegts @ 0x1] Packet corrupt (stream = 0, dts = 221760).', true],
    ['source: corrupt decoded frame in stream 0', true],
    ['[mp2 @ 0x1] Header missing', true],
    ['[aac @ 0x1] Estimating duration from bitrate, this may be inaccurate', false],
    ['[swscaler @ 0x1] deprecated pixel format used, make sure you did set range correctly', false],
  ])('%s: %s', (line, tells) => {
    expect(tellsOfDamage(line)).toBe(tells);
  });
});
