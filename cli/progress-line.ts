import type { JobRecord } from '../core/job';
import { progressOf } from '../core/job-progress';

const BAR_WIDTH = 30;

/** Where progress is shown. */
export interface ProgressSink {
  /** On a terminal a line is written over the one before. */
  readonly isTerminal: boolean;
  write(text: string): void;
}

/** A line that is rewritten on a terminal, and elsewhere a line for each change. */
export class ProgressLine {
  private last = '';

  constructor(private readonly sink: ProgressSink) {}

  show(line: string): void {
    if (line === this.last) return;
    this.last = line;
    this.sink.write(this.sink.isTerminal ? `\r\u001b[K${line}` : `${line}\n`);
  }

  /** What is written from here on stands on a line of its own. */
  end(): void {
    if (this.sink.isTerminal && this.last !== '') this.sink.write('\n');
  }
}

/** How far a job is, as a bar and a word. */
export function jobProgress(job: JobRecord): string {
  const { percent, chunks, working } = progressOf(job);
  const words = job.status === 'accepted' ? waitingFor(job) : job.status;
  return progressBar(
    percent,
    chunks === undefined ? words : `${words}, ${chunks.done} of ${chunks.of} chunks, ${working} at work`,
  );
}

/** @param percent from 0 to 100 */
export function progressBar(percent: number, words: string): string {
  const filled = Math.round((percent / 100) * BAR_WIDTH);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
  return `${bar} ${String(Math.round(percent)).padStart(3)} %  ${words}`;
}

function waitingFor(job: JobRecord): string {
  const { taskArn, waitingFor: reason } = job.launches.at(-1) ?? {};
  if (taskArn !== undefined) return 'task starting';
  return reason === undefined ? 'asking for a task' : `waits: ${reason}`;
}
