import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainClip } from '../../container/support/clips';
import { spotreel } from '../run';

let folder: string;
let clip: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spotreel-cost-'));
  clip = join(folder, 'clip.mp4');
  writeFileSync(clip, plainClip());
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('spotreel cost', () => {
  it('quotes a video by line, beside what else could be used', async () => {
    const { code, stdout } = await spotreel(
      ...['cost', '--input', clip, '--preset', 'web-720p', '--per-month', '100', '--region', 'us-east-1'],
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^web-720p on Fargate Spot, 2 vCPU and 4 GiB, x86_64, us-east-1$/m);
    expect(stdout).toMatch(/^Fargate vCPU +vCPU-hour +0\.0\d+ +0\.0\d+/m);
    expect(stdout).toMatch(/^total +0\.00\d+/m);
    expect(stdout).toMatch(/^MediaConvert, Basic tier +0\.00\d+ +\d+\.\d$/m);
    expect(stdout).toMatch(/^100 of them a month: about 0\.\d+ .*when nothing runs/m);
    expect(stdout).not.toContain('There are no prices');
  });

  it('quotes on-demand capacity on ARM without an address, as JSON', async () => {
    const { stdout } = await spotreel(
      ...['cost', '--input', clip, '--preset', 'web-720p', '--on-demand', '--arm', '--no-address'],
      ...['--region', 'eu-north-1', '--json'],
    );
    const quoted = JSON.parse(stdout) as { lines: { item: string; spot?: boolean }[] };
    expect(quoted).toMatchObject({ priceRegion: 'us-east-1', pricesAssumed: true });
    expect(quoted.lines).toContainEqual(expect.objectContaining({ item: 'fargateArmVcpuHour', spot: false }));
    expect(quoted.lines.map(({ item }) => item)).not.toContain('publicIpv4Hour');
  });

  it('lists what a month costs in which nothing runs', async () => {
    const { code, stdout } = await spotreel('cost', '--idle', '--region', 'ap-southeast-1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Alarms +metric-month +11 +1\.10 +0\.10$/m);
    const without = await spotreel('cost', '--idle', '--no-alarms', '--sweep-minutes', '1', '--json');
    expect(without.stdout).not.toContain('"Alarms"');
    expect(without.stdout).toContain('43800');
  });

  it('says so where there are no prices for the region', async () => {
    const { stdout } = await spotreel('cost', '--idle', '--region', 'eu-north-1');
    expect(stdout).toContain('There are no prices for eu-north-1 here; these are those of us-east-1.');
  });

  it.each([
    ['without a video', ['--preset', 'web-720p'], '--input is missing'],
    ['without a preset', ['--input', 'x.mp4'], '--preset is missing'],
    ['with a video that is not there', ['--input', 'x.mp4', '--preset', 'web-720p'], 'there is no such file'],
    ['with a month of nothing', ['--input', 'x', '--preset', 'y', '--per-month', '0'], '--per-month is "0"'],
    ['with --idle and a video', ['--idle', '--input', 'x.mp4'], 'Leave --input out'],
  ])('%s says what to write, with exit code 2', async (_, args, message) => {
    const { code, stderr } = await spotreel('cost', ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
