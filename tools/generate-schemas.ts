import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeSchemaFiles } from './schemas';

const folder = join(__dirname, '..', 'presets', 'schema');
mkdirSync(folder, { recursive: true });
for (const [name, text] of makeSchemaFiles()) {
  writeFileSync(join(folder, name), text);
  console.log(`presets/schema/${name}`);
}
