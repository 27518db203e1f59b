import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAssembly } from '../../local/template/assembly';

const REPOSITORY = join(__dirname, '../..');
const CONTEXT = { 'spotreel:graceSeconds': '2' };
const output = mkdtempSync(join(tmpdir(), 'spotreel-assembly-'));

/** Runs the app as `cdk` does, with context in its environment. */
function runApp(context: Record<string, unknown>, env: Record<string, string> = {}) {
  return spawnSync(process.execPath, ['--import', 'tsx', 'pipeline/app.ts'], {
    cwd: REPOSITORY,
    env: { ...env, PATH: process.env['PATH'], CDK_OUTDIR: output, CDK_CONTEXT_JSON: JSON.stringify(context) },
    encoding: 'utf8',
  });
}

afterAll(() => rmSync(output, { recursive: true, force: true }));

describe('the app', () => {
  it('synthesizes without an account, a network or Docker, and leaves all that is deployed in its folder', () => {
    const run = runApp(CONTEXT);
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);

    const { template, files, images } = readAssembly(output);
    const functions = Object.values(template.Resources).filter(
      ({ Type }) => Type === 'AWS::Lambda::Function',
    );
    expect(JSON.stringify(functions)).toContain('\\"graceSeconds\\":2');
    const contents = [...files.values()]
      .filter(path => statSync(path).isDirectory())
      .map(path => readdirSync(path));
    expect(contents.filter(names => names.includes('index.mjs'))).toHaveLength(4);
    const shipped = readdirSync(join(REPOSITORY, 'presets')).filter(name => name.endsWith('.json'));
    expect(contents).toContainEqual(shipped);
    const [image = ''] = images.values();
    expect(readdirSync(image)).toEqual(expect.arrayContaining(['Dockerfile', 'worker.mjs']));
  });

  it('gives the same again, so that a deployment without a change changes nothing', () => {
    const read = (): string => readFileSync(join(output, 'Spotreel.template.json'), 'utf8');
    const first = read();
    runApp(CONTEXT, { CDK_VALIDATION: 'false' });
    expect(read()).toBe(first);
  });

  it('says what is wrong with its context, and nothing of its own insides', () => {
    rmSync(output, { recursive: true });
    const run = runApp({ 'spotreel:sweepMinute': '1' });
    expect(run.status).toBe(1);
    expect(run.stderr).toBe(
      'The configuration cannot be used:\n' +
        '  /spotreel:sweepMinute = 1: Unknown field. Did you mean "sweepMinutes"?\n',
    );
    expect(existsSync(join(output, 'Spotreel.template.json'))).toBe(false);
  });
});
