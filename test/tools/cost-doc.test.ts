import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { US_EAST_1 } from '../../core/prices/us-east-1';
import { fillTables, markdownTable } from '../../tools/cost-doc/markdown';
import { costTables, taskHourUsd } from '../../tools/cost-doc/tables';

const ROOT = join(__dirname, '..', '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('docs/cost.md', () => {
  it('holds the tables that `npx tsx tools/generate-cost-doc.ts` makes of the model', () => {
    const text = read('docs/cost.md');
    expect(fillTables(text, costTables())).toBe(text);
  });

  it('and the README agree on what a task costs an hour', () => {
    const readme = read('README.md');
    expect(readme).toContain(`about ${taskHourUsd(US_EAST_1, 'FARGATE_SPOT').toFixed(3)} USD an hour`);
    expect(readme).toContain(`(on-demand ${taskHourUsd(US_EAST_1, 'FARGATE').toFixed(3)})`);
  });
});

describe('filling in tables', () => {
  const place = '<!-- table a -->\nold\n<!-- end -->';

  it('replaces what stands in their places', () => {
    expect(fillTables(`x ${place} y`, { a: 'new' })).toBe('x <!-- table a -->\n\nnew\n\n<!-- end --> y');
  });

  it.each([
    ['a place without a table', {}, 'There is no table "a"'],
    ['a table without a place', { a: '', b: '' }, 'no place for: b'],
  ])('refuses %s', (_, tables, message) => {
    expect(() => fillTables(place, tables)).toThrow(message);
  });

  it('aligns columns, numbers to the right', () => {
    expect(markdownTable(['what', 'n'], [['x', '10']])).toBe(
      '| what |   n |\n| ---- | --: |\n| x    |  10 |',
    );
  });
});
