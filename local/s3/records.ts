import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';

/**
 * Small JSON files, each replaced as a whole. They are written synchronously on purpose: nothing
 * else runs between the check of a condition and the commit, so no lock is needed, and a killed
 * process leaves the old file or the new one.
 */
export function writeRecord(path: string, value: unknown): void {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, JSON.stringify(value));
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Reads a record; throws an error that names the file where it is missing or is not what it should be. */
export function readRecord<Schema extends z.ZodType>(path: string, schema: Schema): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new Error(`${path} can't be read as a record. Delete it, or start with an empty data directory.`, {
      cause: error,
    });
  }
}

/** Names of the records in a directory, which is made if absent. Half-written files are removed. */
export function listRecords(directory: string): string[] {
  mkdirSync(directory, { recursive: true });
  const names = readdirSync(directory);
  for (const name of names.filter(name => name.endsWith('.tmp'))) rmSync(join(directory, name));
  return names.filter(name => name.endsWith('.json'));
}
