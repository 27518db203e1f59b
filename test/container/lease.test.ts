import { holdLease } from '../../container/lease';
import { createLog } from '../../container/log';

const MESSAGE = { body: '', receiptHandle: 'r', messageId: 'm', queueUrl: 'https://sqs.example/orders' };

describe('holdLease', () => {
  let logged: string[];
  let hides: number[];

  beforeEach(() => {
    jest.useFakeTimers();
    logged = [];
    hides = [];
  });
  afterEach(() => jest.useRealTimers());

  const hold = (answer: () => Promise<'hidden' | 'gone'>): ReturnType<typeof holdLease> =>
    holdLease({
      queues: {
        hide: (_message, seconds) => {
          hides.push(seconds);
          return answer();
        },
      },
      message: MESSAGE,
      leaseSeconds: 120,
      log: createLog({}, line => logged.push(line)),
    });

  it('hides the order for the whole lease again every third of it, until it is stopped', async () => {
    const lease = hold(async () => 'hidden');
    await jest.advanceTimersByTimeAsync(125_000);
    expect(hides).toEqual([120, 120, 120]);
    await lease.stop();
    await jest.advanceTimersByTimeAsync(200_000);
    expect(hides).toHaveLength(3);
  });

  it('says so once when the order is in other hands, and asks no more', async () => {
    const lease = hold(async () => 'gone');
    await jest.advanceTimersByTimeAsync(200_000);
    expect(hides).toHaveLength(1);
    expect(logged).toHaveLength(1);
    await lease.stop();
  });

  it('tries again after an error', async () => {
    const lease = hold(() => Promise.reject(new Error('no network')));
    await jest.advanceTimersByTimeAsync(85_000);
    expect(hides).toHaveLength(2);
    expect(logged[0]).toContain('no network');
    await lease.stop();
  });

  it('waits, when it is stopped, for the renewal that is under way', async () => {
    let answer = (_: 'hidden'): void => undefined;
    const lease = hold(() => new Promise(resolve => (answer = resolve)));
    await jest.advanceTimersByTimeAsync(41_000);
    let stopped = false;
    const stopping = lease.stop().then(() => (stopped = true));
    await jest.advanceTimersByTimeAsync(1000);
    expect(stopped).toBe(false);
    answer('hidden');
    await stopping;
    await jest.advanceTimersByTimeAsync(200_000);
    expect(hides).toHaveLength(1);
  });
});
