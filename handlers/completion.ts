import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { decideReport } from '../core/completion';
import { reportSchema } from '../core/report';
import { eachMessage } from './batch';
import type { Cloud } from './cloud';
import { changeJob } from './job-steps';
import { verifyStored } from './stored-result';

/** Reports of the workers. */
export function completionHandler(cloud: Cloud): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return event =>
    eachMessage(event, cloud, async message => {
      const report = reportSchema.parse(JSON.parse(message.body));
      if (report.kind === 'idle') {
        // It takes no order any more and is about to exit: stopped, it cannot fail to.
        await cloud.tasks.stop(report.worker.taskArn, 'idle: its work is done');
        return;
      }
      const seen = await verifyStored(cloud, report);
      await changeJob(cloud, report.jobId, job =>
        decideReport(job, seen, { now: cloud.now(), settings: cloud.settings }),
      );
    });
}
