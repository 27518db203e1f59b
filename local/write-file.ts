import { renameSync, writeFileSync } from 'node:fs';

/** Replaces a file as a whole: whoever reads it meanwhile, or after a crash, finds the old or the new content. */
export function writeFileAtomically(path: string, content: string, options: { mode?: number } = {}): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content, { mode: options.mode ?? 0o644 });
  renameSync(temporary, path);
}
