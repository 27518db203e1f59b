import { deliverOnce, deliverTwice } from '../../local/delivery';

/** Order in which five things arrive, each of them twice. */
async function arrivals(seed: number): Promise<number[]> {
  const deliver = deliverTwice(seed);
  const order: number[] = [];
  await Promise.all([1, 2, 3, 4, 5].map(thing => deliver(async () => order.push(thing))));
  return order;
}

describe('deliverOnce', () => {
  it('hands over once and answers the result', async () => {
    expect(await deliverOnce(async () => 'done')).toEqual(['done']);
  });
});

describe('deliverTwice', () => {
  it('hands everything over twice and out of order', async () => {
    const order = await arrivals(1);
    expect([...order].sort()).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    expect(order).not.toEqual([...order].sort());
  });

  it('answers both results', async () => {
    let calls = 0;
    const results = await deliverTwice(1)(async () => (calls += 1));
    expect(results.sort()).toEqual([1, 2]);
  });
});
