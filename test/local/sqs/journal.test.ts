import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal, type KeptMessage } from '../../../local/sqs/journal';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'journal-'));
  path = join(directory, 'sqs.jsonl');
});

afterEach(() => rmSync(directory, { recursive: true }));

const toQueue = (body: string): Omit<KeptMessage, 'receiveCount'> => ({
  queueName: 'orders',
  input: { MessageBody: body },
});

/** What the next start finds, without a trace of it in the file. */
async function kept(): Promise<KeptMessage[]> {
  const found: KeptMessage[] = [];
  const journal = await Journal.open(path, async (_journal, message) => void found.push(message));
  journal.close();
  return found;
}

async function write(change: (journal: Journal) => void): Promise<void> {
  const journal = await Journal.open(path, async () => undefined);
  change(journal);
  journal.close();
}

describe('Journal', () => {
  it('keeps messages that were not deleted, with how often they were received', async () => {
    await write(journal => {
      journal.sent('1', toQueue('a'));
      journal.sent('2', toQueue('b'));
      journal.received('1', 'handle-1');
      journal.received('2', 'handle-2');
      journal.received('2', 'handle-3');
      journal.deleted('handle-1');
    });
    expect(await kept()).toEqual([{ ...toQueue('b'), receiveCount: 2 }]);
  });

  it('keeps a message when a stale receipt handle deletes it', async () => {
    await write(journal => {
      journal.sent('1', toQueue('a'));
      journal.received('1', 'old');
      journal.received('1', 'new');
      journal.deleted('old');
    });
    expect(await kept()).toHaveLength(1);
  });

  it('forgets the messages of a queue that is purged', async () => {
    await write(journal => {
      journal.sent('1', toQueue('a'));
      journal.sent('2', { ...toQueue('b'), queueName: 'reports' });
      journal.purged('orders');
    });
    expect(await kept()).toMatchObject([{ queueName: 'reports' }]);
  });

  it('keeps what was sent again after a restart', async () => {
    await write(journal => journal.sent('1', toQueue('a')));
    const journal = await Journal.open(path, async (opened, message) => opened.sent('9', message));
    journal.close();
    expect(await kept()).toEqual([{ ...toQueue('a'), receiveCount: 0 }]);
  });

  it('keeps everything when the process ends while it sends again', async () => {
    await write(journal => {
      journal.sent('1', toQueue('a'));
      journal.sent('2', toQueue('b'));
    });
    const crash = async (): Promise<void> => Promise.reject(new Error('crash'));
    await expect(Journal.open(path, crash)).rejects.toThrow('crash');
    expect(await kept()).toHaveLength(2);
  });

  it('ignores a last line that was cut off', async () => {
    await write(journal => journal.sent('1', toQueue('a')));
    appendFileSync(path, '{"kind":"sent","messa');
    expect(await kept()).toHaveLength(1);
  });

  it('starts the file over when no message is left', async () => {
    await write(journal => {
      journal.sent('1', toQueue('a'));
      journal.received('1', 'handle');
      journal.deleted('handle');
      expect(readFileSync(path, 'utf8')).toBe('');
      journal.sent('2', toQueue('b'));
    });
    expect(await kept()).toMatchObject([toQueue('b')]);
  });
});
