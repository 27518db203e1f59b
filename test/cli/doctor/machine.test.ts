import { findingLines } from '../../../cli/doctor/finding';
import type { Machine } from '../../../cli/doctor/machine';
import { checkMachine } from '../../../cli/doctor/machine';
import { spotreel } from '../run';

const MACHINE: Machine = {
  nodeVersion: '22.1.0',
  arch: 'x64',
  imageBuilder: 'docker',
  firstLine: program => `${program} version 5.1 Copyright somebody`,
};

const faults = (changes: Partial<Machine>, architecture: 'x86_64' | 'arm64' = 'x86_64') =>
  checkMachine({ ...MACHINE, ...changes }, architecture).filter(({ kind }) => kind !== 'ok');

describe('a machine', () => {
  it('that has everything is in order', () => {
    expect(faults({})).toEqual([]);
    expect(faults({ nodeVersion: '20.19.0' })).toEqual([]);
    expect(faults({ arch: 'arm64' }, 'arm64')).toEqual([]);
  });

  it.each<[string, Partial<Machine>, RegExp]>([
    ['with an old Node', { nodeVersion: '20.18.3' }, /Node 20.18.3 is too old/],
    [
      'without ffprobe',
      { firstLine: program => (program === 'ffprobe' ? undefined : 'x') },
      /ffprobe is not there/,
    ],
    [
      'that builds no images',
      { firstLine: program => (program === 'docker' ? undefined : 'x') },
      /docker is not there/,
    ],
    ['of another architecture', { arch: 'arm64' }, /for x86_64 and this machine is arm64/],
  ])('%s is told so, with a fix', (_what, changes, text) => {
    const found = faults(changes);
    expect(found).toHaveLength(1);
    expect(found[0]?.text).toMatch(text);
    expect(found[0]?.fix).toBeDefined();
  });

  it('is described by a line for each finding, and the fix below it', () => {
    const lines = findingLines(checkMachine({ ...MACHINE, nodeVersion: '18.0.0' }, 'x86_64'));
    expect(lines.slice(0, 3)).toEqual([
      '  mend     Node 18.0.0 is too old.',
      '           Install Node 20.19 or newer.',
      '  ok       ffmpeg version 5.1',
    ]);
  });
});

describe('spotreel doctor', () => {
  it('looks at this machine alone when told to', async () => {
    const { stdout, stderr } = await spotreel('doctor', '--offline');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^This machine\n {2}ok +Node /);
    expect(stdout).toContain('The account was not looked at.');
  });

  it('refuses a network that there is not', async () => {
    const { code, stderr } = await spotreel('doctor', '--network', 'private');
    expect(code).toBe(2);
    expect(stderr).toContain('--network is "private"; use one of: publicSubnet');
  });
});
