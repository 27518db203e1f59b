import type { Order } from '../../../core/order';
import { WorkerStatus } from '../../../container/status/worker-status';
import { presetOf, Workshop } from '../support/workshop';

const PRESET = presetOf([
  { kind: 'video', name: 'web' },
  { kind: 'still', name: 'poster' },
]);
const NONE = { cpuSeconds: 0, bytesRead: 0 };

describe('the status of a worker', () => {
  let shop: Workshop;
  let order: Order;
  let now: Date;
  let stop: AbortController;
  let status: WorkerStatus;

  beforeEach(async () => {
    shop = await Workshop.open();
    order = shop.order(Buffer.from('clip'), PRESET);
    now = new Date('2026-01-02T03:04:05Z');
    stop = new AbortController();
    status = new WorkerStatus({ taskId: 'task1', stop: stop.signal, now: () => now });
  });
  afterEach(() => shop.close());

  const after = (seconds: number): void => {
    now = new Date(now.getTime() + seconds * 1000);
  };

  it('is waiting at first', () => {
    expect(status.report()).toEqual({
      schema: 'spotreel.status/1',
      at: '2026-01-02T03:04:05.000Z',
      taskId: 'task1',
      startedAt: '2026-01-02T03:04:05.000Z',
      state: 'waiting',
      ended: [],
    });
  });

  it('tells of the order in hand, with what it uses at the moment', () => {
    let cpuSeconds = 1;
    status.begin(order, () => ({ cpuSeconds, bytesRead: 10 }));
    status.progress(40, 2.5);
    status.progress(30, 2);
    cpuSeconds = 7;
    after(3);
    expect(status.report()).toMatchObject({
      state: 'working',
      order: {
        ...{ jobId: 'job-1', orderId: 'encode', work: 'encode-whole', fileName: 'clip.mp4' },
        ...{ outputs: ['web', 'poster'], percent: 40, speed: 2, heldSeconds: 3 },
        ...{ cpuSeconds: 7, bytesRead: 10 },
      },
    });
  });

  it('remembers the last eight orders that ended, newest first, and how', () => {
    for (let number = 1; number <= 10; number += 1) {
      status.begin({ ...order, orderId: `order-${number}` }, () => NONE);
      after(2);
      status.end(number === 10 ? undefined : 'finished');
    }
    const { ended, state } = status.report();
    expect(state).toBe('waiting');
    expect(ended.map(({ orderId }) => orderId)).toEqual(
      [10, 9, 8, 7, 6, 5, 4, 3].map(number => `order-${number}`),
    );
    expect(ended.slice(0, 2)).toMatchObject([
      { outcome: 'crashed', heldSeconds: 2 },
      { outcome: 'finished', heldSeconds: 2 },
    ]);
  });

  it('says when it has been told to stop', () => {
    stop.abort();
    expect(status.report().state).toBe('stopping');
  });

  it('holds nothing that is signed', () => {
    status.begin(order, () => NONE);
    const text = JSON.stringify(status.report());
    const signed = [
      order.access.sourceUrl,
      order.access.ticketUrl,
      ...Object.values(order.access.post.fields),
    ];
    for (const secret of signed) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/https?:|X-Amz/i);
  });

  it('is kept by the worker as it works', async () => {
    shop.queues.add(order);
    await shop.work();
    expect(shop.status.report()).toMatchObject({
      state: 'waiting',
      ended: [{ orderId: 'encode', outcome: 'failed' }],
    });
  });
});
