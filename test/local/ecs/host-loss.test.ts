import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEcs, type EventBridgeEvent } from '../../../local/ecs/service';
import { ecsOptions, isGone, until } from './harness';

/** Starts a child in its own group and one in a group of theirs, and tells all three process ids. */
const WORKER = `
  const { spawn } = require('node:child_process');
  const idle = ['-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"];
  const near = spawn(process.execPath, idle);
  const far = spawn(process.execPath, idle, { detached: true });
  process.on('SIGTERM', () => {});
  console.log([process.pid, near.pid, far.pid].join(' ') + ' started');
  setInterval(() => {}, 1000);
`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ecs-host-'));
  mkdirSync(join(root, 'image'));
  writeFileSync(join(root, 'image', 'worker.cjs'), WORKER);
});
afterEach(() => rmSync(root, { recursive: true }));

/** Runs a host with one task, kills it, and answers the process ids of the task's worker. */
async function loseHost(): Promise<number[]> {
  const script = join(__dirname, 'lost-host.ts');
  const host = spawn(process.execPath, ['--import', 'tsx', script, root], { stdio: 'ignore' });
  const hostEnded = new Promise(resolve => host.once('exit', resolve));
  const pids = await until(workerPids);
  await until(
    () => /"lastStatus":"RUNNING"/.test(readFileSync(join(root, 'data', 'ecs.json'), 'utf8')) || undefined,
  );
  host.kill('SIGKILL');
  await hostEnded;
  return pids;
}

function workerPids(): number[] | undefined {
  const logs = join(root, 'logs');
  const [log] = existsSync(logs) ? readdirSync(logs) : [];
  const pids = log === undefined ? null : /^([\d ]+) started/m.exec(readFileSync(join(logs, log), 'utf8'));
  return pids?.[1]?.split(' ').map(Number);
}

describe('when the host is killed', () => {
  it('takes the worker and every process that it started with it', async () => {
    const pids = await loseHost();
    expect(pids).toHaveLength(3);
    await until(() => pids.every(isGone) || undefined);
  });

  it('finds its tasks STOPPED at the next start, since the time of its death, and tells of each once', async () => {
    const pids = await loseHost();
    const lostBefore = Date.now() + 1000;
    await until(() => pids.every(isGone) || undefined);
    const events: EventBridgeEvent[] = [];
    const later = new Date(Date.now() + 60_000);
    const options = { ...ecsOptions(root), emit: async (event: EventBridgeEvent) => void events.push(event) };
    const ecs = await createEcs({ ...options, now: () => later });
    const [task] = ecs.tasks();
    expect(task).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'The host that ran the task was lost.',
      containers: [{ lastStatus: 'STOPPED', exitCode: 137 }],
    });
    expect(Date.parse(task?.stoppedAt ?? '')).toBeLessThan(lostBefore);
    expect(events).toEqual([]);
    await ecs.announceLost();
    await ecs.announceLost();
    expect(events).toMatchObject([{ resources: [task?.taskArn], detail: { lastStatus: 'STOPPED' } }]);
    expect(existsSync(join(root, 'data', 'ephemeral'))).toBe(false);
    await ecs.close();

    const again = await createEcs({ ...options, now: () => later });
    await again.announceLost();
    expect(events).toHaveLength(1);
    await again.close();
  });
});
