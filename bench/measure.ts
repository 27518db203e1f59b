import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { endedChildrenCpuSeconds } from '../container/media/cpu-time';

export const ROOT = join(__dirname, '..');

export interface Spent {
  /** User plus system seconds of a command and everything that it started and waited for. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

/** Runs a command to its end. @throws when it fails */
export async function measure(
  command: string,
  args: readonly string[],
  { cwd = ROOT }: { cwd?: string } = {},
): Promise<Spent> {
  const before = endedChildrenCpuSeconds();
  const startedAtMs = performance.now();
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('exit', resolve).once('error', reject),
  );
  if (code !== 0) throw new Error(`${command} ended with exit code ${code ?? 'none'}`);
  return {
    cpuSeconds: round(endedChildrenCpuSeconds() - before),
    wallSeconds: round((performance.now() - startedAtMs) / 1000),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function round(value: number): number {
  return Number(value.toFixed(3));
}
