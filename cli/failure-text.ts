import type { JobRecord } from '../core/job';
import { describeProblem } from './problem-text';

const STATUS_WORDS: Readonly<Partial<Record<JobRecord['status'], string>>> = {
  failed: 'failed',
  rejected: 'was rejected',
  cancelled: 'was cancelled',
};

/** Why a job did not end well, and what to do about it. */
export function explainFailure(job: JobRecord): string {
  const problems = (job.problems ?? []).map(describeProblem);
  return [
    `The job ${STATUS_WORDS[job.status] ?? `is ${job.status}`}: ${job.failure?.message ?? 'no reason is known.'}`,
    ...(problems.length > 0 || job.failure === undefined ? problems : [`  ${job.failure.fix}`]),
  ].join('\n');
}
