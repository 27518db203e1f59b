import { concurrently } from '../../core/concurrently';

async function* counted(most: number): AsyncGenerator<number> {
  for (let item = 1; item <= most; item += 1) yield item;
}

/** Lets everything that waits for nothing else go on. */
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

describe('concurrently', () => {
  it.each([
    ['a list', [1, 2, 3, 4, 5]],
    ['a listing that comes page by page', counted(5)],
  ])('does each item of %s once, so many at once', async (_what, items) => {
    const begun: number[] = [];
    let [running, most] = [0, 0];
    await concurrently(items, { atOnce: 2 }, async item => {
      begun.push(item);
      running += 1;
      most = Math.max(most, running);
      await turn();
      running -= 1;
    });
    expect({ begun, most }).toEqual({ begun: [1, 2, 3, 4, 5], most: 2 });
  });

  it('begins no further one after an error, which it throws when those under way have ended', async () => {
    const ended: number[] = [];
    const begun: number[] = [];
    const doing = concurrently(counted(9), { atOnce: 2 }, async item => {
      begun.push(item);
      await turn();
      if (item === 1) throw new Error('first');
      await turn();
      ended.push(item);
    });
    await expect(doing).rejects.toThrow('first');
    expect({ begun, ended }).toEqual({ begun: [1, 2], ended: [2] });
  });
});
