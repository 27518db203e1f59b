import { z } from 'zod';
import type { TerminalStatus } from '../../core/job';
import { summaryKey } from '../../core/job';
import type { Outbox } from '../cloud';
import { summaryOf } from '../../core/summary';
import type { S3Objects } from './s3-objects';

const STATUSES: readonly TerminalStatus[] = ['done', 'failed', 'rejected', 'cancelled'];

const summarySchema = z.object({ jobId: z.string() });

export function s3Outbox(outbox: S3Objects): Outbox {
  return {
    async summaries(videoKey) {
      const found = await Promise.all(
        STATUSES.map(async status => ({ status, stored: await outbox.text(summaryKey(videoKey, status)) })),
      );
      return found.flatMap(({ status, stored }) =>
        stored === undefined
          ? []
          : [{ status, jobId: summarySchema.parse(JSON.parse(stored.body)).jobId, etag: stored.etag }],
      );
    },
    async putSummary(job, overEtag) {
      const condition = overEtag === undefined ? { ifNoneMatch: '*' as const } : { ifMatch: overEtag };
      return (
        (await outbox.putJson(summaryKey(job.videoKey, job.status), summaryOf(job), condition)) !== undefined
      );
    },
    removeSummary: (videoKey, { status, etag }) =>
      outbox.remove(summaryKey(videoKey, status), { ifMatch: etag }),
  };
}
