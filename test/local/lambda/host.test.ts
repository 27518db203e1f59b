import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLambdaHost, type LambdaHost, type LambdaHostOptions } from '../../../local/lambda/host';
import type { FunctionModel } from '../../../local/template';
import type { AccessKey } from '../../../local/types';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:tiny';
const KEY: AccessKey = {
  accessKeyId: 'ASIATINY',
  secretAccessKey: 'secret',
  sessionToken: 'token',
  principal: { kind: 'role', arn: 'role' },
};

const HANDLER = `
let invocations = 0;
export async function handler(event, context) {
  invocations += 1;
  switch (event.do) {
    case 'environment': return { ...process.env };
    case 'context': return { ...context, remaining: context.getRemainingTimeInMillis() };
    case 'count': return { invocations, pid: process.pid };
    case 'print': console.log(event.text); console.error('to stderr'); return;
    case 'throw': throw new TypeError('broken');
    case 'exit': process.exit(3);
    case 'hang': return new Promise(() => {});
    case 'wait': return new Promise(resolve => setTimeout(() => resolve(process.pid), 50));
  }
}
`;

let directory: string;
let host: LambdaHost | undefined;
let dead: unknown[];
let lines: string[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lambda-host-'));
  writeFileSync(join(directory, 'index.mjs'), HANDLER);
  dead = [];
  lines = [];
});

afterEach(async () => {
  await host?.close();
  rmSync(directory, { recursive: true });
});

function start(model: Partial<FunctionModel> = {}, options: Partial<LambdaHostOptions> = {}): LambdaHost {
  const tiny: FunctionModel = {
    name: 'tiny',
    arn: ARN,
    roleArn: 'role',
    codeDirectory: directory,
    handler: 'index.handler',
    environment: { OWN: 'yes' },
    timeoutSeconds: 30,
    memoryMb: 128,
    retryAttempts: 2,
    ...model,
  };
  host = createLambdaHost({
    functions: [tiny],
    host: { AWS_REGION: 'us-east-1', PATH: process.env['PATH'] ?? '' },
    credentialsForRole: () => KEY,
    logDir: directory,
    onJsonLine: line => lines.push(line),
    onDeadEvent: async (arn, event) => void dead.push([arn, event]),
    retryDelaysMs: [0, 0],
    ...options,
  });
  return host;
}

async function payloadOf(lambda: LambdaHost, event: object): Promise<Record<string, unknown>> {
  const result = await lambda.invoke(ARN, event);
  if (result.kind === 'failed') throw new Error(result.errorMessage);
  return result.payload as Record<string, unknown>;
}

describe('a function', () => {
  it('gets its own environment and credentials and nothing of the machine', async () => {
    process.env['LEAK_OF_TEST'] = 'yes';
    const environment = await payloadOf(start(), { do: 'environment' });
    delete process.env['LEAK_OF_TEST'];
    expect(environment).toMatchObject({
      OWN: 'yes',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'ASIATINY',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
      AWS_LAMBDA_FUNCTION_NAME: 'tiny',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    });
    expect(environment).not.toHaveProperty('LEAK_OF_TEST');
    expect(environment).not.toHaveProperty('HOME');
    expect(environment).not.toHaveProperty('NODE_OPTIONS');
  });

  it('gets a context', async () => {
    const context = await payloadOf(start(), { do: 'context' });
    expect(context).toMatchObject({ functionName: 'tiny', invokedFunctionArn: ARN, memoryLimitInMB: '128' });
    expect(context['awsRequestId']).toMatch(/^[0-9a-f-]{36}$/);
    expect(context['remaining']).toBeGreaterThan(25_000);
    expect(context['remaining']).toBeLessThanOrEqual(30_000);
  });

  it('keeps its process for the next invocation', async () => {
    const lambda = start();
    const first = await payloadOf(lambda, { do: 'count' });
    expect(await payloadOf(lambda, { do: 'count' })).toEqual({ ...first, invocations: 2 });
  });

  it('gets a fresh process when its credentials have changed', async () => {
    let key = KEY;
    const lambda = start({}, { credentialsForRole: () => key });
    const first = await payloadOf(lambda, { do: 'count' });
    key = { ...KEY, accessKeyId: 'ASIANEXT' };
    const second = await payloadOf(lambda, { do: 'count' });
    expect(second['invocations']).toBe(1);
    expect(second['pid']).not.toBe(first['pid']);
  });

  it('runs in as many processes at one time as its reservation allows', async () => {
    const lambda = start({ reservedConcurrency: 2 });
    const results = await Promise.all([1, 2, 3, 4].map(() => lambda.invoke(ARN, { do: 'wait' })));
    const pids = results.map(result => result.kind === 'succeeded' && result.payload);
    expect(new Set(pids).size).toBe(2);
    expect(lambda.counts()).toEqual({ tiny: { invocations: 4, errors: 0, running: 0 } });
  });

  it('writes its output to its log and hands on lines that are JSON', async () => {
    const lambda = start();
    await lambda.invoke(ARN, { do: 'print', text: '{"a":1}\nplain' });
    await lambda.close();
    expect(lines).toEqual(['{"a":1}']);
    const log = readFileSync(join(directory, 'tiny.log'), 'utf8');
    expect(log).toMatch(/\{"a":1\}\nplain\n/);
    expect(log).toMatch(/to stderr\n/);
    expect(log).toMatch(/REPORT RequestId: \S+ Duration: \d+ ms\n/);
  });
});

describe('a failed invocation', () => {
  it.each([
    ['an error', { do: 'throw' }, { errorType: 'TypeError', errorMessage: 'broken' }],
    ['the end of the process', { do: 'exit' }, { errorType: 'Runtime.ExitError' }],
  ])('tells of %s, and the next one works', async (_title, event, expected) => {
    const lambda = start();
    expect(await lambda.invoke(ARN, event)).toMatchObject({ kind: 'failed', ...expected });
    expect(await payloadOf(lambda, { do: 'count' })).toHaveProperty('invocations');
    expect(lambda.counts()['tiny']).toMatchObject({ invocations: 2, errors: 1 });
  });

  it('is ended when it takes longer than the timeout', async () => {
    const lambda = start({ timeoutSeconds: 1 });
    expect(await lambda.invoke(ARN, { do: 'hang' })).toEqual({
      kind: 'failed',
      errorType: 'Sandbox.Timedout',
      errorMessage: 'Task timed out after 1.00 seconds',
    });
    expect(await payloadOf(lambda, { do: 'count' })).toMatchObject({ invocations: 1 });
  });

  it.each([
    ['a module that is not there', 'other.handler', /Cannot find the module of the handler/],
    ['an export that is not there', 'index.main', /exports no function named main/],
  ])('tells of %s', async (_title, handler, message) => {
    const result = await start({ handler }).invoke(ARN, {});
    expect(result).toMatchObject({ kind: 'failed', errorMessage: expect.stringMatching(message) as string });
  });

  it('is retried twice when it was asynchronous, then its event goes to the dead-letter queue', async () => {
    const lambda = start({ deadLetterArn: 'dead' });
    expect(await lambda.invokeWithRetries(ARN, { do: 'throw' })).toMatchObject({ kind: 'failed' });
    expect(lambda.counts()['tiny']).toMatchObject({ invocations: 3, errors: 3 });
    expect(dead).toEqual([['dead', { do: 'throw' }]]);
  });

  it('is not retried when the function asks for no retry', async () => {
    const lambda = start({ retryAttempts: 0 });
    await lambda.invokeWithRetries(ARN, { do: 'throw' });
    expect(lambda.counts()['tiny']).toMatchObject({ invocations: 1 });
    expect(dead).toEqual([]);
  });
});

it('leaves no process behind when it closes', async () => {
  const lambda = start();
  const { pid } = await payloadOf(lambda, { do: 'count' });
  const hanging = lambda.invoke(ARN, { do: 'wait' });
  await lambda.close();
  expect(await hanging).toMatchObject({ kind: 'succeeded' });
  expect(await lambda.invoke(ARN, {})).toMatchObject({ kind: 'failed', errorType: 'ServiceException' });
  expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
});

it('refuses a function that is not there', () => {
  expect(() => start().model('arn:nobody')).toThrow(/no function arn:nobody/);
});
