import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { LocalCloudError } from './local-cloud-error';

const ownerSchema = z.object({ pid: z.number(), startedAt: z.string().optional() });

type Owner = z.infer<typeof ownerSchema>;

/**
 * Makes a data directory and takes it for this process; two clouds in one directory would destroy each other's
 * state. A lock whose process has gone, however it went, is taken over. Returns the function that gives it back.
 */
export function lockDataDir(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'lock');
  const owner = readOwner(path);
  if (owner && isRunning(owner)) {
    throw new LocalCloudError(
      `${resolve(dataDir)} is in use by the local cloud with process id ${owner.pid}; stop that one, or give ` +
        'another directory with --data DIR.',
    );
  }
  rmSync(path, { force: true });
  const own: Owner = { pid: process.pid, startedAt: startOf(process.pid) };
  // Fails when another process was faster.
  writeFileSync(path, JSON.stringify(own), { flag: 'wx' });
  return () => rmSync(path, { force: true });
}

function readOwner(path: string): Owner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Nobody's, or cut off while it was written by a process that then went down.
    return undefined;
  }
}

/** Process ids are used again, so the owner is told by its start as well, where the system tells that. */
function isRunning({ pid, startedAt }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return startedAt === undefined || startOf(pid) === startedAt;
}

/** Start of a process in clock ticks since the machine's own, as Linux has it. */
function startOf(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces; the start is the 22nd field, the 20th after the name.
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
