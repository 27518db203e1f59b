import { supervise } from '../../container/media/supervise';

const NEVER = new AbortController().signal;

describe('supervise', () => {
  it('stops a process that goes on reading without any result', async () => {
    let read = 0;
    const limits = { wallClockSeconds: 60, stallSeconds: 0.15 };
    await new Promise<void>(resolve => {
      const { release, stopReason } = supervise({
        limits,
        signal: NEVER,
        activity: async () => String((read += 1)),
        result: async () => 'frame=0',
        kill: () => {
          expect(stopReason()).toBe('stall');
          release();
          resolve();
        },
      });
    });
    // A look every half second: the first of them is within the limit for reading.
    expect(read).toBeGreaterThan(1);
  });
});
