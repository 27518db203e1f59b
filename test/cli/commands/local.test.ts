import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { spotreel } from '../run';

const task = (id: string, lastStatus = 'RUNNING'): object => ({
  taskArn: `arn:aws:ecs:us-east-1:000000000000:task/cluster/${id}`,
  lastStatus,
  capacityProviderName: 'FARGATE_SPOT',
  startedBy: 'job-1',
  ...(lastStatus === 'STOPPED' ? { stopCode: 'SpotInterruption' } : {}),
});

/** The control interface of a local cloud, with what it was asked. */
let server: Server;
let endpoint: string;
let tasks: object[];
let asked: string[];
let sweepError: string | undefined;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      const action = request.url?.replace('/_spotreel/', '') ?? '';
      if (action !== 'state') asked.push(`${request.method} ${action} ${body}`);
      const answers: Record<string, object> = {
        state: {
          tasks,
          queues: { orders: { visible: 3, inFlight: 1, delayed: 0 } },
          functions: { intake: { invocations: 7, errors: 0, running: 0 } },
          metrics: { JobsDone: { count: 2, sum: 2 } },
          outputs: {},
        },
        reclaim: { reclaimed: tasks.length === 0 ? [] : ['aaa1'] },
        kill: {},
        schedule: { fired: [{ rule: 'sweep', ...(sweepError === undefined ? {} : { error: sweepError }) }] },
      };
      response.end(JSON.stringify(answers[action]));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  tasks = [task('aaa1'), task('aab2'), task('ccc3', 'STOPPED')];
  asked = [];
  sweepError = undefined;
});

const local = (...args: string[]): ReturnType<typeof spotreel> =>
  spotreel('local', ...args, '--endpoint', endpoint);

describe('spotreel local', () => {
  it('shows tasks, queues, functions and metrics', async () => {
    const { code, stdout } = await local('state');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ccc3 +STOPPED +FARGATE_SPOT +job-1 +SpotInterruption$/m);
    expect(stdout).toMatch(/^orders +3 +1 +0$/m);
    expect(stdout).toMatch(/^intake +7 +0 +0$/m);
    expect(stdout).toMatch(/^JobsDone +2 +2$/m);
  });

  it('takes back a task that is named by the beginning of its id, or all', async () => {
    expect((await local('reclaim', 'aab')).stdout).toBe('Warned: aaa1\n');
    await local('reclaim');
    expect(asked).toEqual(['POST reclaim {"taskId":"aab2"}', 'POST reclaim {}']);
  });

  it('says when there was nothing to take back', async () => {
    tasks = [];
    expect(await local('reclaim')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nothing') as string,
    });
  });

  it('kills the task that is meant', async () => {
    expect((await local('kill', 'aaa')).stdout).toBe('Killed: aaa1\n');
    tasks = [task('bbb1')];
    await local('kill');
    expect(asked).toEqual(['POST kill {"taskId":"aaa1"}', 'POST kill {"taskId":"bbb1"}']);
  });

  it.each([
    [[], 'More than one task runs; name one: aaa1, aab2.'],
    [['aa'], 'More than one task runs whose id begins with "aa"; name one: aaa1, aab2.'],
    [['ccc'], 'No task runs whose id begins with "ccc". There is: aaa1, aab2.'],
  ])('kills nothing when asked with %j', async (args, message) => {
    const { code, stderr } = await local('kill', ...args);
    expect({ code, stderr, asked }).toEqual({ code: 2, stderr: `${message}\n`, asked: [] });
  });

  it('runs the sweep, and tells of its failure', async () => {
    expect((await local('sweep')).stdout).toBe('The sweep has run.\n');
    sweepError = 'Error: broken';
    expect(await local('sweep')).toMatchObject({ code: 1, stderr: 'sweep failed: Error: broken\n' });
  });

  it('says how to start one where none runs', async () => {
    const { code, stderr } = await spotreel('local', 'state', '--data', '/nonexistent');
    expect(code).toBe(2);
    expect(stderr).toContain(
      'No local cloud runs with its data in /nonexistent. Start one with "npm run local"',
    );
  });
});
