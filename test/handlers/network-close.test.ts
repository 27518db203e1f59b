import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { answerStack } from '../../handlers/adapters/stack-answer';
import type { Fault, NetworkRunOptions } from '../support/network-run';
import { NetworkRun } from '../support/network-run';

const JOB = '20260102T030405Z-0123456789abcdef';
const OTHER_JOB = '20260102T030405Z-fedcba9876543210';
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DONE = [{ kind: 'done' }];

/** A network in which a task runs for hours. */
async function busy(options: NetworkRunOptions = {}): Promise<NetworkRun> {
  const run = new NetworkRun({ taskSeconds: 3 * HOUR, ...options });
  await run.accept(JOB);
  await run.pass(3 * MINUTE);
  return run;
}

describe('a deployment that is removed', () => {
  it('takes its networks along, and the tasks in them, before CloudFormation goes on', async () => {
    const run = await busy();
    expect([run.tasks.size, run.left.length]).toEqual([1, 11]);
    await run.askOfStack('Delete');
    await run.pass(5);
    expect(run.answers).toEqual([]);
    await run.passUntilAnswered(20 * MINUTE);
    expect({ left: run.left, answers: run.answers }).toEqual({ left: [], answers: DONE });
    expect([...run.networks.openIds]).toEqual([]);
    expect([...run.networks.records.values()].map(({ record }) => record.status)).toEqual(['gone']);
  });

  it('is removed at once when it has no network', async () => {
    const run = new NetworkRun();
    await run.askOfStack('Delete');
    await run.pass(0);
    expect(run.answers).toEqual(DONE);
    expect(run.calls.filter(name => !name.startsWith('Describe'))).toEqual([]);
  });

  it('gives up a network that is being made', async () => {
    const run = new NetworkRun();
    await run.accept(JOB);
    await run.pass(30);
    await run.askOfStack('Delete');
    await run.passUntilAnswered(20 * MINUTE);
    expect({ left: run.left, answers: run.answers }).toEqual({ left: [], answers: DONE });
  });

  it('makes no network any more, and lets jobs know', async () => {
    const run = await busy();
    await run.askOfStack('Delete');
    await run.pass(0);
    await run.accept(OTHER_JOB);
    await run.passUntilAnswered(20 * MINUTE);
    await run.pass(HOUR);
    expect({ left: run.left, answers: run.answers }).toEqual({ left: [], answers: DONE });
    expect(run.calls.filter(name => name === 'CreateVpc')).toHaveLength(1);
    expect(run.job(OTHER_JOB).launches[0]?.waitingFor).toBe('nothing: the deployment is being removed');
  });

  it('that is made again makes networks again', async () => {
    const run = new NetworkRun();
    await run.askOfStack('Delete');
    await run.pass(0);
    await run.askOfStack('Create');
    await run.accept(JOB);
    await run.pass(HOUR);
    expect(run.answers).toEqual([...DONE, ...DONE]);
    expect(run.job(JOB).status).toBe('done');
  });

  it('takes along what bears its tag and has no record, expired or not', async () => {
    const run = await busy();
    run.networks.records.clear();
    run.networks.openIds.clear();
    await run.askOfStack('Delete');
    await run.passUntilAnswered(HOUR);
    expect({ left: run.left, answers: run.answers }).toEqual({ left: [], answers: DONE });
  });

  it('says after 55 minutes what is in the way, so that CloudFormation does not wait in vain', async () => {
    const run = await busy({ lingerSeconds: 3 * HOUR });
    await run.askOfStack('Delete');
    await run.pass(54 * MINUTE);
    expect(run.answers).toEqual([]);
    await run.pass(2 * MINUTE);
    expect(run.answers).toEqual([
      {
        kind: 'failed',
        reason: expect.stringMatching(
          /^Networks that were made for jobs are still there: net-00000001-abcd \(waits for DependencyViolation: .* then remove the stack again\.$/,
        ) as string,
      },
    ]);
    await run.pass(3 * HOUR);
    await run.askOfStack('Delete');
    await run.pass(MINUTE);
    expect({ left: run.left, answers: run.answers.slice(1) }).toEqual({ left: [], answers: DONE });
  });

  it.each<Fault>(['refused', 'answerLost', 'crash'])(
    'leaves nothing behind though any one of its EC2 calls is %s',
    async fault => {
      const whole = await busy();
      const before = whole.calls.length;
      await whole.askOfStack('Delete');
      await whole.passUntilAnswered(HOUR);
      const changing = whole.calls.slice(before).filter(name => !name.startsWith('Describe')).length;
      expect(changing).toBeGreaterThan(12);
      for (let struck = 0; struck < changing; struck += 1) {
        let isClosing = false;
        let seen = 0;
        const strikes = (name: string): boolean =>
          isClosing && !name.startsWith('Describe') && (seen += 1) === struck + 1;
        const run = await busy({ fault: ({ name }) => (strikes(name) ? fault : undefined) });
        isClosing = true;
        await run.askOfStack('Delete');
        await run.passUntilAnswered(HOUR);
        expect({ struck, left: run.left, answers: run.answers }).toEqual({ struck, left: [], answers: DONE });
      }
    },
  );
});

describe('the answer to CloudFormation', () => {
  it('is put to the URL that it gave, without a type, which would break the signature', async () => {
    const received: unknown[] = [];
    const server = createServer((request, response) => {
      void (async () => {
        const body = Buffer.concat(await request.toArray()).toString();
        received.push(request.method, request.headers['content-type'], JSON.parse(body) as object);
        response.statusCode = received.length > 3 ? 403 : 200;
        response.end();
      })();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const request = {
      RequestType: 'Delete',
      ResponseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/?signed`,
      ...{ StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Networks' },
    } as const;
    try {
      await answerStack(request, { kind: 'done' });
      expect(received).toEqual(['PUT', '', expect.objectContaining({ Status: 'SUCCESS' })]);
      await expect(answerStack(request, { kind: 'done' })).rejects.toThrow('HTTP 403');
    } finally {
      server.close();
    }
  });
});
