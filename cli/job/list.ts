import type { JobRecord } from '../../core/job';
import type { Command } from '../command';
import { parseFlags, positiveNumber } from '../flags';
import { formatTable } from '../table';
import { formatSeconds, formatTime, formatUsd } from '../units';
import { newestJobs, STORE_FLAGS, STORE_FLAGS_USAGE, withJobStore } from './job-store';

const DEFAULT_LIMIT = '20';

export const listJobs: Command = {
  name: 'list',
  summary: 'the newest jobs',
  usage: `spotreel job list [--limit N] [--json]

Lists the newest jobs, newest first. Times are UTC.

  --limit N        how many (default ${DEFAULT_LIMIT})
${STORE_FLAGS_USAGE}  --json           the whole records as one JSON array
`,
  async run(args, out) {
    const { values } = parseFlags(args, {
      options: {
        ...STORE_FLAGS,
        limit: { type: 'string', default: DEFAULT_LIMIT },
        json: { type: 'boolean' },
      },
      takes: [],
    });
    const limit = Math.ceil(positiveNumber('limit', values.limit));
    const jobs = await withJobStore(values, store => newestJobs(store, limit));
    if (values.json === true) out.write(`${JSON.stringify(jobs, null, 2)}\n`);
    else if (jobs.length === 0) out.write('There are no jobs yet.\n');
    else out.write(`${describeJobs(jobs)}\n`);
    return 0;
  },
};

export function describeJobs(jobs: readonly JobRecord[]): string {
  return formatTable(
    ['job', 'status', 'accepted', 'took', 'USD', 'preset', 'video'],
    jobs.map(job => [
      job.jobId,
      job.status,
      formatTime(job.acceptedAt),
      job.finishedAt === undefined ? '' : formatSeconds(secondsBetween(job.acceptedAt, job.finishedAt)),
      job.usage.estimatedUsd === 0 ? '' : formatUsd(job.usage.estimatedUsd),
      job.preset?.name ?? job.manifest?.preset ?? '',
      job.videoKey,
    ]),
  );
}

function secondsBetween(from: string, to: string): number {
  return (new Date(to).getTime() - new Date(from).getTime()) / 1000;
}
