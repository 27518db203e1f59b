import type { JobRecord, TerminalStatus } from '../../core/job';
import type { Cloud, Outbox } from '../../handlers/cloud';
import { tellEnd } from '../../handlers/summaries';
import { acceptedJob } from '../support/builders';
import type { MemoryCloud } from '../support/memory-cloud';
import { memoryCloud } from '../support/memory-cloud';

function ended(jobId: string, status: TerminalStatus): JobRecord & { status: TerminalStatus } {
  return { ...acceptedJob(), videoKey: 'a.mp4', jobId, status };
}

const told = (cloud: MemoryCloud): string[] =>
  [...cloud.state.summaries.values()].map(({ jobId, status }) => `${status} by ${jobId}`);

/** Lets two processes go on in turns: each call of the outbox waits until its process has the next. */
class Turns {
  readonly #waiting = new Map<string, () => void>();
  #running = 0;

  constructor(private readonly cloud: Cloud) {}

  start(name: string, run: (cloud: Cloud) => Promise<void>): void {
    const outbox = new Proxy(this.cloud.outbox, {
      get: (target, member: keyof Outbox) => async (key: never, other: never) => {
        await new Promise<void>(resolve => this.#waiting.set(name, resolve));
        return target[member](key, other);
      },
    });
    this.#running += 1;
    void run({ ...this.cloud, outbox }).finally(() => (this.#running -= 1));
  }

  /** @param order of the processes: whoever is named and waits goes on by one call, else the other */
  async run(order: string): Promise<void> {
    for (let turn = 0; this.#running > 0; turn += 1) {
      await new Promise(resolve => setImmediate(resolve));
      const wanted = order[turn % order.length] ?? '';
      const [name] = this.#waiting.has(wanted) ? [wanted] : [...this.#waiting.keys()];
      const go = this.#waiting.get(name ?? '');
      this.#waiting.delete(name ?? '');
      go?.();
    }
  }
}

const ORDERS = Array.from({ length: 2 ** 8 }, (_, bits) =>
  [...bits.toString(2).padStart(8, '0')].map(bit => (bit === '0' ? 'a' : 'b')).join(''),
);

describe('the summary of a video', () => {
  it('is that of its latest job, which takes the place of those before', async () => {
    const cloud = memoryCloud();
    await tellEnd(cloud, ended('job-1', 'failed'));
    await tellEnd(cloud, ended('job-2', 'done'));
    expect(told(cloud)).toEqual(['done by job-2']);
    await tellEnd(cloud, ended('job-1', 'failed'));
    expect(told(cloud)).toEqual(['done by job-2']);
  });

  it.each(['done', 'failed'] as const)(
    'is that of the later of two jobs that end at once as done and %s, whatever overtakes what',
    async other => {
      for (const order of ORDERS) {
        const cloud = memoryCloud();
        await tellEnd(cloud, ended('job-0', 'rejected'));
        const turns = new Turns(cloud);
        turns.start('a', each => tellEnd(each, ended('job-1', 'done')));
        turns.start('b', each => tellEnd(each, ended('job-2', other)));
        await turns.run(order);
        expect([order, ...told(cloud)]).toEqual([order, `${other} by job-2`]);
      }
    },
  );
});
