import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { JobRequest } from '../../core/control';
import { controlKey, decideCancel, decideRetry } from '../../core/control';
import type { JobRecord } from '../../core/job';
import { settingsSchema } from '../../core/settings';
import type { Command } from '../command';
import { parseFlags } from '../flags';
import { requireJob, STORE_FLAGS, STORE_FLAGS_USAGE, withJobStore } from './job-store';

export const cancelJob = requestCommand({
  action: 'cancel',
  summary: 'end a job that is not done yet',
  explanation: `Ends a job that is not done yet: its tasks are stopped and nothing is published. It can be retried.`,
  refusal: job => {
    const decision = decideCancel(job, { now: new Date(), settings: settingsSchema.parse({}) });
    return decision.kind === 'unchanged' ? decision.reason : undefined;
  },
});

export const retryJob = requestCommand({
  action: 'retry',
  summary: 'make anew what failed or was cancelled',
  explanation: `Makes a new job of the same upload, manifest and preset as one that failed or was cancelled.`,
  refusal: job => {
    const decision = decideRetry(job, { now: new Date(), settings: settingsSchema.parse({}) });
    return decision.kind === 'refuse' ? decision.reason : undefined;
  },
});

function requestCommand(options: {
  action: JobRequest['action'];
  summary: string;
  explanation: string;
  /** Why it can't be done to this job; the pipeline would pass over it in silence. */
  refusal: (job: JobRecord) => string | undefined;
}): Command {
  const { action, summary, explanation, refusal } = options;
  return {
    name: action,
    summary,
    usage: `spotreel job ${action} ID|VIDEO_KEY

${explanation}
Writes control/JOB/${action} into the state bucket; the next sweep acts on it, within minutes. In the
local cloud it runs at once. Given the key of a video, the newest job of that video is meant.

${STORE_FLAGS_USAGE}`,
    async run(args, out) {
      const { values, positionals } = parseFlags(args, { options: STORE_FLAGS, takes: ['ID or VIDEO_KEY'] });
      const [asked = ''] = positionals;
      return withJobStore(values, async store => {
        const job = await requireJob(store, asked);
        const reason = refusal(job);
        if (reason !== undefined) {
          out.error(`Job ${job.jobId} can't be asked to ${action}: ${reason}.\n`);
          return 1;
        }
        const key = controlKey({ jobId: job.jobId, action });
        await store.s3.send(new PutObjectCommand({ Bucket: store.stateBucket, Key: key, Body: '{}' }));
        await store.sweep?.();
        out.write(
          store.sweep === undefined
            ? `Asked for with s3://${store.stateBucket}/${key}; the next sweep acts on it, within minutes.\n`
            : `Done: ${action} ${job.jobId}\n`,
        );
        return 0;
      });
    },
  };
}
