import { readFileSync } from 'node:fs';

/** The unit of CPU times in /proc, on every platform that Linux runs on. */
const TICKS_PER_SECOND = 100;
/** Places in /proc/<pid>/stat, counted from the field after the name, which is the third. */
const USER = 11;
const CHILDREN_USER = 13;

/**
 * User plus system CPU seconds of all processes that this one has started and that have ended,
 * those included that were killed. 0 where there is no /proc.
 */
export function endedChildrenCpuSeconds(): number {
  return cpuSeconds('self', CHILDREN_USER);
}

/** User plus system CPU seconds that a running process has used so far; 0 when it has ended. */
export function runningCpuSeconds(pid: number): number {
  return cpuSeconds(String(pid), USER);
}

function cpuSeconds(process: string, firstField: number): number {
  try {
    const stat = readFileSync(`/proc/${process}/stat`, 'utf8');
    // "pid (name) state …": the name may hold blanks and parentheses, so cut at the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[firstField]) + Number(fields[firstField + 1])) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}
