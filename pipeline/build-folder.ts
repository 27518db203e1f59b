import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder for what an asset is made of; gone when the process ends, since CDK copies assets when it synthesizes. */
export function buildFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `spotreel-${name}-`));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
