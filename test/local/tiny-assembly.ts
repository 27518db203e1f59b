import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Template } from '../../local/template/assembly';

export interface TinyAssembly {
  readonly template: Partial<Template>;
  /** Files of each file asset, by the asset's hash and then by path. */
  readonly files?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly images?: readonly string[];
}

/** Writes a cloud assembly of a stack named Tiny into a fresh folder, which it answers. */
export function writeAssembly({ template, files = {}, images = [] }: TinyAssembly): string {
  const directory = mkdtempSync(join(tmpdir(), 'tiny-assembly-'));
  const assets = {
    files: Object.fromEntries(Object.keys(files).map(hash => [hash, { source: { path: `asset.${hash}` } }])),
    dockerImages: Object.fromEntries(images.map(hash => [hash, { source: { directory: `asset.${hash}` } }])),
  };
  writeFileSync(join(directory, 'Tiny.template.json'), JSON.stringify({ Resources: {}, ...template }));
  writeFileSync(join(directory, 'Tiny.assets.json'), JSON.stringify(assets));
  for (const [hash, contents] of Object.entries(files)) {
    for (const [path, content] of Object.entries(contents)) {
      const target = join(directory, `asset.${hash}`, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
    }
  }
  return directory;
}
