import type { JobRecord } from '../../core/job';
import type { Command } from '../command';
import { explainFailure } from '../failure-text';
import { parseFlags } from '../flags';
import { watchJob } from '../job-watch';
import { outputTable } from '../output-table';
import { jobProgress, ProgressLine } from '../progress-line';
import { STORE_FLAGS, STORE_FLAGS_USAGE, withJobStore } from './job-store';

export const watchOneJob: Command = {
  name: 'watch',
  summary: 'the progress of a job until it ends',
  usage: `spotreel job watch VIDEO_KEY

Shows how far the newest job of a video is, until it ends. Waits for it where there is none yet.
Exit code 0 when it is done, 1 when it failed, was rejected or was cancelled.

${STORE_FLAGS_USAGE}`,
  async run(args, out) {
    const { values, positionals } = parseFlags(args, { options: STORE_FLAGS, takes: ['VIDEO_KEY'] });
    const [videoKey = ''] = positionals;
    const line = new ProgressLine({ isTerminal: process.stderr.isTTY, write: text => out.error(text) });
    const onChange = (job: JobRecord): void =>
      line.show([jobProgress(job), job.jobId, ...livePages(job)].join('  '));
    const job = await withJobStore(values, store =>
      watchJob({ ...store, videoKey, timeoutMs: Number.POSITIVE_INFINITY, onChange }),
    ).finally(() => line.end());
    if (job.status === 'done') out.write(`${outputTable(job.outputs)}\n`);
    else out.error(`${explainFailure(job)}\n`);
    return job.status === 'done' ? 0 : 1;
  },
};

/** Where the workers that have orders of the job in hand show their progress. */
function livePages(job: JobRecord): string[] {
  const attempts = job.orders.flatMap(order => order.attempts);
  const pages = attempts.flatMap(({ endedAt, statusUrl }) =>
    endedAt === undefined && statusUrl !== undefined ? [statusUrl] : [],
  );
  return [...new Set(pages)];
}
