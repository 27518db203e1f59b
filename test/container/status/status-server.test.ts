import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { createLog } from '../../../container/log';
import { showStatus } from '../../../container/status/show-status';
import type { StatusServer } from '../../../container/status/status-server';
import { serveStatus } from '../../../container/status/status-server';
import { WorkerStatus } from '../../../container/status/worker-status';

const HOST = '127.0.0.1';
const status = new WorkerStatus({ taskId: 'task1', stop: new AbortController().signal });

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

describe('the status page', () => {
  let server: StatusServer;
  let origin: string;

  beforeAll(async () => {
    const port = await freePort();
    origin = `http://${HOST}:${port}`;
    server = await serveStatus({ host: HOST, port, report: () => status.report() });
  });
  afterAll(() => server.close());

  it('is a document that may run its own script and fetch its own data, and nothing else', async () => {
    const answer = await fetch(origin);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-\S+'; script-src 'sha256-\S+'; connect-src 'self'/,
    );
    const page = await answer.text();
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toMatch(/https?:|src=|href=/);
  });

  it('has the data of the page', async () => {
    const answer = await fetch(`${origin}/status.json?x=1`);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toMatchObject({ schema: 'spotreel.status/1', taskId: 'task1' });
  });

  it('has nothing else, and can be asked only', async () => {
    expect((await fetch(`${origin}/etc/passwd`)).status).toBe(404);
    expect((await fetch(origin, { method: 'POST', body: 'x' })).status).toBe(405);
  });
});

describe('opening the status page', () => {
  it.each([
    ['of a task without a known address', 'none', /address of the task is not known/],
    ['whose port is taken', 'taken', /its port could not be opened/],
  ])('%s is given up, with a line in the log', async (_what, fault, message) => {
    const lines: string[] = [];
    const taken = createServer().listen(0, HOST);
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const log = createLog({}, line => lines.push(line));
    await showStatus({ port, host: fault === 'none' ? undefined : HOST, status, log });
    expect(lines.join('')).toMatch(message);
    await new Promise(resolve => taken.close(resolve));
  });

  it('is not even tried where there is to be none', async () => {
    const lines: string[] = [];
    await showStatus({ port: undefined, host: HOST, status, log: createLog({}, line => lines.push(line)) });
    expect(lines).toEqual([]);
  });
});
