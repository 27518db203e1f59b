import * as fc from 'fast-check';
import { compareUtf8 } from '../../../local/s3/utf8-order';

describe('compareUtf8', () => {
  it('orders as the UTF-8 bytes do', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, (left, right) => {
        const bytes = Buffer.compare(Buffer.from(left), Buffer.from(right));
        return Math.sign(compareUtf8(left, right)) === bytes;
      }),
    );
  });

  it('puts emoji behind the last characters of the first plane', () => {
    expect(compareUtf8('\uff5e', '🎬')).toBeLessThan(0);
    expect(compareUtf8('a', 'ab')).toBeLessThan(0);
    expect(compareUtf8('a', 'a')).toBe(0);
  });
});
