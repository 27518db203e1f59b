import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { presetSchema } from '../../core/preset';

const ROOT = join(__dirname, '..', '..');
const guide = readFileSync(join(ROOT, 'docs', 'presets.md'), 'utf8');
const shipped = readdirSync(join(ROOT, 'presets'))
  .filter(name => name.endsWith('.json'))
  .map(file => file.replace('.json', ''));

const outputsOf = (name: string): unknown[] =>
  presetSchema.parse(JSON.parse(readFileSync(join(ROOT, 'presets', `${name}.json`), 'utf8'))).outputs;

const shown = [...guide.matchAll(/```json\n([\s\S]+?)\n```/g)]
  .map(([, text = '']) => JSON.parse(text) as { kind?: string })
  .filter(({ kind }) => kind !== undefined)
  .flatMap(output => presetSchema.parse({ outputs: [output] }).outputs);

describe('the guide to presets', () => {
  it.each(shipped)('lists %s', name => {
    expect(guide).toContain(`| [\`${name}\`](#`);
  });

  it('links to sections that it has', () => {
    const sections = [...guide.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    const links = [...guide.matchAll(/\]\(#([^)]+)\)/g)].map(([, link]) => link);
    expect(links.length).toBeGreaterThan(10);
    expect(sections).toEqual(expect.arrayContaining(links));
  });

  it('shows outputs of shipped presets exactly as they are shipped', () => {
    const all = shipped.flatMap(outputsOf);
    const named = shown.filter(({ name }) => name !== 'web');
    expect(all).toEqual(expect.arrayContaining(named));
  });
});
