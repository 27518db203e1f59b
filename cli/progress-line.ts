import type { JobRecord } from '../core/job';

const BAR_WIDTH = 30;

/** The job's state as a line that is rewritten on a terminal, and as a line for each change elsewhere. */
export class ProgressLine {
  private last = '';
  private readonly isTerminal = process.stdout.isTTY;

  show(job: JobRecord): void {
    const line = describe(job);
    if (line === this.last) return;
    this.last = line;
    process.stdout.write(this.isTerminal ? `\r\u001b[K${line}` : `${line}\n`);
  }

  end(): void {
    if (this.isTerminal) process.stdout.write('\n');
  }
}

function describe(job: JobRecord): string {
  const attempt = job.orders.flatMap(order => order.attempts).at(-1);
  const percent = job.status === 'done' || job.status === 'publishing' ? 100 : (attempt?.percent ?? 0);
  const filled = Math.round((percent / 100) * BAR_WIDTH);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
  const waiting =
    job.status === 'accepted'
      ? job.launches.at(-1)?.taskArn === undefined
        ? 'asking for a task'
        : 'task starting'
      : job.status;
  return `${bar} ${String(Math.round(percent)).padStart(3)} %  ${waiting}`;
}
