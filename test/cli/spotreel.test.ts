import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { spotreel } from './run';

describe('the spotreel command', () => {
  it('lists its commands', async () => {
    const { code, stdout } = await spotreel('--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}preset +\S/m);
  });

  it('asked for nothing, says on standard error what there is', async () => {
    const { code, stdout, stderr } = await spotreel();
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('preset');
  });

  it.each([
    [['prest'], 'There is no "spotreel prest". Did you mean "spotreel preset"?'],
    [['preset', 'lst'], 'There is no "spotreel preset lst". Did you mean "spotreel preset list"?'],
    [['preset'], 'Say what to do'],
    [['preset', 'list', '--jsn'], 'There is no flag --jsn. Did you mean --json?'],
    [['preset', 'list', '--json=yes'], '--json takes no value. Write --json alone.'],
    [['preset', 'list', 'x'], '"x" is one argument too many.'],
    [['preset', 'show'], 'NAME or FILE is missing.'],
    [['preset', 'show', 'web-702p'], 'There is no preset "web-702p". Did you mean "web-720p"?'],
    [['job', 'list', '--limit', 'all'], '--limit is "all"; give a number above 0.'],
    [['job', 'show'], 'ID or VIDEO_KEY is missing.'],
    [['job', 'list', '--data', '/nonexistent'], 'name its state bucket with --state BUCKET'],
    [['preset', 'show', 'no/such.json'], 'There is no file no/such.json.'],
    [['preset', 'explain', 'web-720p'], '--input is missing.'],
    [['preset', 'explain', 'web-720p', '--input'], '--input has no value.'],
    [['preset', 'explain', 'web-720p', '--input', 'none.mp4'], '--input none.mp4: there is no such file.'],
    [['preset', 'try', 'poster', '--input', 'a', '--seconds', '-1'], '--seconds is followed by another flag'],
    [
      ['preset', 'try', 'poster', '--input', 'a', '--seconds', '0'],
      '--seconds is "0"; give a number above 0.',
    ],
  ])('wrongly asked with %j, says what is wrong and ends with 2', async (args, message) => {
    const { code, stdout, stderr } = await spotreel(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it.each([
    [['preset', '--help'], 'spotreel preset ACTION'],
    [['preset', 'try', '--help'], 'spotreel preset try NAME|FILE'],
    [['preset', 'list', '--json', '-h'], 'spotreel preset list'],
  ])('explains itself with %j', async (args, start) => {
    const { code, stdout } = await spotreel(...args);
    expect(code).toBe(0);
    expect(stdout.startsWith(start)).toBe(true);
  });

  it('is a program that runs on plain Node', async () => {
    const program = join(__dirname, '..', '..', 'cli', 'launch.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [program, 'preset', 'list', '--json']);
    const presets = JSON.parse(stdout) as { name: string }[];
    expect(presets.map(({ name }) => name)).toContain('web-720p');
    await expect(promisify(execFile)(process.execPath, [program, 'presets'])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean') as string,
    });
  });
});
