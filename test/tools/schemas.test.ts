import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeSchemaFiles } from '../../tools/schemas';

const presets = join(__dirname, '..', '..', 'presets');

describe('the JSON Schemas in presets/schema', () => {
  it.each([...makeSchemaFiles()])('%s is what `npm run schemas` makes of the contracts', (name, text) => {
    expect(readFileSync(join(presets, 'schema', name), 'utf8')).toBe(text);
  });

  it('are named by every shipped preset, so that editors complete and check them', () => {
    const shipped = readdirSync(presets).filter(name => name.endsWith('.json'));
    expect(shipped.length).toBeGreaterThanOrEqual(4);
    for (const name of shipped) {
      expect(JSON.parse(readFileSync(join(presets, name), 'utf8'))).toHaveProperty(
        '$schema',
        './schema/preset.schema.json',
      );
    }
  });
});
