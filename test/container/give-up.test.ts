import { once } from 'node:events';
import { giveUpInTime } from '../../container/give-up';

describe('giveUpInTime', () => {
  it('gives up at once when the order will not be finished in time', async () => {
    const stop = new AbortController();
    const { signal, release } = giveUpInTime(stop.signal, () => ({ share: 0.1, elapsedSeconds: 60 }));
    expect(signal.aborted).toBe(false);
    stop.abort();
    expect(signal.aborted).toBe(true);
    await release();
  });

  it('gives up later when the order gets slower than it was', async () => {
    const stop = new AbortController();
    const progress = { share: 0.5, elapsedSeconds: 20 };
    const { signal, release } = giveUpInTime(stop.signal, () => progress);
    stop.abort();
    expect(signal.aborted).toBe(false);
    progress.elapsedSeconds = 200;
    await once(signal, 'abort');
    await release();
  });

  it('does nothing as long as nobody stops the worker', async () => {
    const { signal, release } = giveUpInTime(new AbortController().signal, () => ({
      share: 0,
      elapsedSeconds: 1000,
    }));
    await release();
    expect(signal.aborted).toBe(false);
  });
});
