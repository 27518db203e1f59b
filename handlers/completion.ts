import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { decideReport } from '../core/completion';
import { reportSchema } from '../core/report';
import { statusUrl, withStatusUrl } from '../core/status-url';
import { eachMessage, holdBriefly } from './batch';
import type { Cloud } from './cloud';
import type { LeftOver } from './job-steps';
import { changeJob, publishLater } from './job-steps';
import { verifyStored } from './stored-result';

/** Reports of the workers. */
export function completionHandler(cloud: Cloud): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return async event => {
    await holdBriefly(event, cloud);
    const later: (LeftOver | undefined)[] = [];
    const response = await eachMessage(event, cloud, async message => {
      const report = reportSchema.parse(JSON.parse(message.body));
      if (report.kind === 'idle') {
        // It takes no order any more and is about to exit: stopped, it cannot fail to.
        await cloud.tasks.stop(report.worker.taskArn, 'idle: its work is done');
        return;
      }
      const seen = await verifyStored(cloud, report);
      const url = report.kind === 'started' ? await findStatusUrl(cloud, report.worker.taskArn) : undefined;
      const left = await changeJob(cloud, { jobId: report.jobId, leave: 'publish' }, job =>
        withStatusUrl(
          decideReport(job, seen, { now: cloud.now(), settings: cloud.settings }),
          report.deliveryId,
          url,
        ),
      );
      later.push(left);
    });
    await publishLater(cloud, later);
    return response;
  };
}

/** Where the worker shows its progress. That nobody can tell must not hold its job up. */
async function findStatusUrl(cloud: Cloud, taskArn: string): Promise<string | undefined> {
  const { statusPort } = cloud.settings;
  if (statusPort === undefined || cloud.taskAddress === undefined) return undefined;
  try {
    return statusUrl(await cloud.taskAddress(taskArn), statusPort);
  } catch (error) {
    cloud.log.warn('The address of a task could not be found', { taskArn, error: String(error) });
    return undefined;
  }
}
