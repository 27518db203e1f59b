import { z } from 'zod';
import type { JobRecord, TerminalStatus } from '../../core/job';
import { summaryKey } from '../../core/job';
import type { Outbox } from '../cloud';
import { summaryOf } from '../../core/summary';
import type { S3Objects } from './s3-objects';

const STATUSES: readonly TerminalStatus[] = ['done', 'failed', 'rejected', 'cancelled'];

const summarySchema = z.object({ jobId: z.string() });

export function s3Outbox(outbox: S3Objects): Outbox {
  return {
    async summarizedJob(videoKey) {
      const found = await Promise.all(STATUSES.map(status => outbox.text(summaryKey(videoKey, status))));
      const jobIds = found.flatMap(summary =>
        summary === undefined ? [] : [summarySchema.parse(JSON.parse(summary.body)).jobId],
      );
      return jobIds.sort().at(-1);
    },
    async writeSummary(job: JobRecord & { status: TerminalStatus }) {
      await outbox.putJson(summaryKey(job.videoKey, job.status), summaryOf(job));
      for (const status of STATUSES) {
        if (status !== job.status) await outbox.remove(summaryKey(job.videoKey, status));
      }
    },
  };
}
