import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NETWORK_MODES } from '../../core/network-mode';
import { fillTables } from '../../tools/cost-doc/markdown';
import { networkTables } from '../../tools/networks-doc/table';

const text = readFileSync(join(__dirname, '../../docs/networks.md'), 'utf8');

describe('docs/networks.md', () => {
  it('holds the table that `npx tsx tools/generate-networks-doc.ts` makes of the model', () => {
    expect(fillTables(text, networkTables())).toBe(text);
  });

  it('has a section for each mode', () => {
    for (const mode of NETWORK_MODES) expect(text).toContain(`\n## \`${mode}\`\n`);
  });
});
