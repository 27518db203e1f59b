import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashSources, synthesize } from '../../local/synth';

const NODE_MODULES = join(__dirname, '..', '..', 'node_modules');

const APP = `
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const context = JSON.parse(process.env.CDK_CONTEXT_JSON ?? '');
if (context.fail) throw new Error('the app is broken');
mkdirSync(process.env.CDK_OUTDIR ?? '', { recursive: true });
writeFileSync(join(process.env.CDK_OUTDIR ?? '', 'Tiny.template.json'), JSON.stringify(context));
`;

let rootDir: string;
let progress: string[];

beforeEach(() => {
  rootDir = mkdtempSync(join(tmpdir(), 'synth-'));
  progress = [];
  symlinkSync(NODE_MODULES, join(rootDir, 'node_modules'));
  mkdirSync(join(rootDir, 'pipeline'));
  writeFileSync(join(rootDir, 'pipeline', 'app.ts'), APP);
  writeFileSync(
    join(rootDir, 'cdk.json'),
    JSON.stringify({ app: 'npx tsx pipeline/app.ts', context: { own: 1, shared: 'cdk.json' } }),
  );
});

afterEach(() => rmSync(rootDir, { recursive: true }));

const synth = (context?: Record<string, string>): Promise<string> =>
  synthesize({ rootDir, context, onProgress: line => progress.push(line) });

describe('synthesize', () => {
  it('runs the app of cdk.json with its context and the given one on top', async () => {
    const directory = await synth({ shared: 'given', more: 'x' });
    expect(JSON.parse(readFileSync(join(directory, 'Tiny.template.json'), 'utf8'))).toEqual({
      own: 1,
      shared: 'given',
      more: 'x',
    });
    expect(progress).toHaveLength(1);
  });

  it('runs it once for the same sources, even when asked twice at the same time', async () => {
    const [first, second] = await Promise.all([synth(), synth()]);
    expect(second).toBe(first);
    progress = [];
    expect(await synth()).toBe(first);
    expect(progress).toEqual([]);
    expect(readdirSync(join(rootDir, '.spotreel', 'assemblies'))).toHaveLength(1);
  });

  it('throws away what was made days ago, and keeps the young', async () => {
    const old = await synth({ a: '1' });
    const young = await synth({ a: '2' });
    const daysAgo = new Date(Date.now() - 3 * 86_400_000);
    utimesSync(old, daysAgo, daysAgo);
    await synth({ a: '3' });
    expect([existsSync(old), existsSync(young)]).toEqual([false, true]);
  });

  it('tells what the app said when it fails, and leaves nothing behind', async () => {
    await expect(synth({ fail: 'yes' })).rejects.toThrow(
      /npx tsx pipeline\/app\.ts ended with 1.*the app is broken/s,
    );
    expect(readdirSync(join(rootDir, '.spotreel', 'assemblies'))).toEqual([]);
    expect(existsSync(join(rootDir, 'pipeline', 'app.ts'))).toBe(true);
  });
});

describe('hashSources', () => {
  it.each([
    ['a source', 'pipeline/app.ts'],
    ['cdk.json', 'cdk.json'],
  ])('changes with %s', (_title, path) => {
    const before = hashSources(rootDir, {});
    appendFileSync(join(rootDir, path), ' ');
    expect(hashSources(rootDir, {})).not.toBe(before);
  });

  it('changes with a new file and with the context', () => {
    const before = hashSources(rootDir, {});
    expect(hashSources(rootDir, { a: '1' })).not.toBe(before);
    mkdirSync(join(rootDir, 'presets'));
    writeFileSync(join(rootDir, 'presets', 'new.json'), '');
    expect(hashSources(rootDir, {})).not.toBe(before);
  });

  it('does not change with what is made from the sources', () => {
    const before = hashSources(rootDir, {});
    mkdirSync(join(rootDir, 'container', 'dist'), { recursive: true });
    writeFileSync(join(rootDir, 'container', 'dist', 'worker.mjs'), '');
    expect(hashSources(rootDir, {})).toBe(before);
  });
});
