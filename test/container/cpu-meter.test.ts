import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CpuMeter } from '../../container/media/cpu-meter';

/** Uses 0.3 CPU seconds, by its own count. */
const BUSY = [
  '-e',
  'const used = () => process.cpuUsage().user + process.cpuUsage().system; while (used() < 300000);',
];

describe('CpuMeter', () => {
  it('counts the CPU time of processes that ended, and of those alone since it was made', async () => {
    await once(spawn(process.execPath, BUSY), 'exit');
    const meter = new CpuMeter();
    expect(meter.seconds()).toBe(0);
    await once(spawn(process.execPath, BUSY), 'exit');
    expect(meter.seconds()).toBeGreaterThan(0.25);
    expect(meter.seconds()).toBeLessThan(0.7);
  });

  it('counts a process that was killed and one that still runs', async () => {
    const meter = new CpuMeter();
    const child = spawn(process.execPath, ['-e', 'for (;;);']);
    const counted = meter.started(child.pid ?? 0);
    while (meter.seconds() < 0.2) await new Promise(resolve => setImmediate(resolve));
    child.kill('SIGKILL');
    await once(child, 'exit');
    counted.ended();
    expect(meter.seconds()).toBeGreaterThanOrEqual(0.2);
  });
});
