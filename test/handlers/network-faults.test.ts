import fc from 'fast-check';
import { NETWORK_PARTS } from '../../core/nat-network-record';
import type { Fault } from '../support/network-run';
import { START } from '../support/builders';
import { NetworkRun } from '../support/network-run';

const JOB = '20260102T030405Z-0123456789abcdef';
const HOUR = 3600;
const FAULTS: readonly Fault[] = ['refused', 'answerLost', 'crash'];
const SETTINGS = { networkPollSeconds: 120, networkLingerSeconds: 0 };

/** A job from its beginning until long after its network must be gone. */
async function runWith(
  options: ConstructorParameters<typeof NetworkRun>[0],
): Promise<{ run: NetworkRun; left: string[] }> {
  const run = new NetworkRun({ settings: SETTINGS, ...options });
  await run.accept(JOB);
  await run.passUntilGone(2 * HOUR);
  return { run, left: run.left };
}

async function callsOfOneJob(): Promise<readonly string[]> {
  const { run } = await runWith({});
  return run.calls;
}

describe('a fault of each single EC2 call, in turn', () => {
  it.each(FAULTS)('%s: nothing is left or made twice, and the job is done', async fault => {
    const names = await callsOfOneJob();
    expect(names.filter(name => !name.startsWith('Describe')).length).toBeGreaterThan(30);
    for (const [struck, name] of names.entries()) {
      const { run, left } = await runWith({ fault: ({ number }) => (number === struck ? fault : undefined) });
      const { status } = run.job(JOB);
      // What a call has made is found again, not made a second time.
      const parts = run.made.size;
      expect({ struck, name, left, status, parts }).toEqual({
        ...{ struck, name, left: [], status: 'done' },
        parts: NETWORK_PARTS.length,
      });
      expect([...run.networks.openIds]).toEqual([]);
    }
  });
});

describe('many faults at once', () => {
  it('leave nothing, and the job done, however they come and however late EC2 shows what it did', async () => {
    const scenario = fc.record({
      seed: fc.integer(),
      rate: fc.double({ min: 0, max: 0.2, noNaN: true }),
      lagSeconds: fc.double({ min: 0, max: 25, noNaN: true }),
      lingerSeconds: fc.integer({ min: 0, max: 1500 }),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ seed, rate, lagSeconds, lingerSeconds }) => {
        const random = mulberry32(seed);
        // For an hour; then EC2 is well again.
        const until = START.getTime() + HOUR * 1000;
        const run: NetworkRun = new NetworkRun({
          settings: SETTINGS,
          lingerSeconds,
          lagSeconds: () => random() * lagSeconds,
          fault: () =>
            run.now < until && random() < rate ? FAULTS[Math.floor(random() * FAULTS.length)] : undefined,
        });
        await run.accept(JOB);
        await run.pass(HOUR);
        await run.passUntilGone(3 * HOUR);
        expect({ left: run.left, status: run.job(JOB).status }).toEqual({ left: [], status: 'done' });
      }),
      { numRuns: 40 },
    );
  });
});

/** The same numbers for the same seed. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
