import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillTables } from './cost-doc/markdown';
import { costTables } from './cost-doc/tables';

const path = join(__dirname, '..', 'docs', 'cost.md');
writeFileSync(path, fillTables(readFileSync(path, 'utf8'), costTables()));
console.log('docs/cost.md');
