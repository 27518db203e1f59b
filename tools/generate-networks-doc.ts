import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillTables } from './cost-doc/markdown';
import { networkTables } from './networks-doc/table';

const path = join(__dirname, '..', 'docs', 'networks.md');
writeFileSync(path, fillTables(readFileSync(path, 'utf8'), networkTables()));
console.log('docs/networks.md');
