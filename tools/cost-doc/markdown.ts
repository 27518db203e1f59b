/** A Markdown table with aligned columns; all but the first `texts` columns stand to the right. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  texts = 1,
): string {
  const widths = header.map((title, column) =>
    Math.max(3, title.length, ...rows.map(row => (row[column] ?? '').length)),
  );
  const isText = (column: number): boolean => column < texts;
  const line = (cells: readonly string[]): string =>
    `| ${widths
      .map((width, column) => {
        const cell = cells[column] ?? '';
        return isText(column) ? cell.padEnd(width) : cell.padStart(width);
      })
      .join(' | ')} |`;
  const rule = widths.map((width, column) =>
    isText(column) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(header), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n');
}

/**
 * Puts tables between `<!-- table NAME -->` and `<!-- end -->`.
 * @throws when the text has a place for a table that does not exist, or none for one that does
 */
export function fillTables(text: string, tables: Readonly<Record<string, string>>): string {
  const filled = new Set<string>();
  const result = text.replaceAll(/<!-- table (\S+) -->[^]*?<!-- end -->/g, (_place, name: string) => {
    const table = tables[name];
    if (table === undefined) throw new Error(`There is no table "${name}"`);
    filled.add(name);
    return `<!-- table ${name} -->\n\n${table}\n\n<!-- end -->`;
  });
  const missing = Object.keys(tables).filter(name => !filled.has(name));
  if (missing.length > 0) throw new Error(`The text has no place for: ${missing.join(', ')}`);
  return result;
}
