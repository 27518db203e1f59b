import type { JobRecord } from './job';

/** What a user reads in the outbox when a job has ended: what came out, or what to change. */
export function summaryOf(job: JobRecord): Readonly<Record<string, unknown>> {
  return {
    status: job.status,
    jobId: job.jobId,
    video: job.videoKey,
    preset: job.preset?.name ?? job.manifest?.preset,
    requestedBy: job.requestedBy,
    acceptedAt: job.acceptedAt,
    finishedAt: job.finishedAt,
    ...(job.status === 'done'
      ? {
          source: job.source?.facts,
          ...(job.cut === undefined ? {} : { chunks: job.cut.chunks }),
          ...(job.wholeBecause === undefined ? {} : { wholeBecause: job.wholeBecause }),
          outputs: job.outputs,
          usage: job.usage,
        }
      : {
          reason: job.failure?.message,
          code: job.failure?.code,
          fix: job.failure?.fix,
          problems: job.problems,
        }),
  };
}
