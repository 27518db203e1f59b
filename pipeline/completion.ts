import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import type { QueueWithDlq } from './queue-with-dlq';
import type { StageProps } from './stage';
import { StageFunction } from './stage-function';
import {
  carryOutJobs,
  findTaskAddresses,
  publishOutputs,
  stateObjects,
  stopTasks,
} from './stage-permissions';

/** Publishing copies whole videos: S3 does the work, but answers only when it is done. */
export const COMPLETION_TIMEOUT_SECONDS = 900;

export interface CompletionProps extends StageProps {
  readonly reports: QueueWithDlq;
}

/** Reports of the workers to the function that decides how their jobs go on. */
export class Completion extends Construct {
  readonly handler: StageFunction;

  constructor(scope: Construct, id: string, props: CompletionProps) {
    super(scope, id);
    this.handler = new StageFunction(this, 'Function', {
      ...props,
      stage: 'completion',
      source: props.reports,
      timeoutSeconds: COMPLETION_TIMEOUT_SECONDS,
      permissions: [
        ...carryOutJobs(props),
        ...publishOutputs(props),
        ...stopTasks(props),
        ...findTaskAddresses(props),
        stateObjects(props, { sid: 'NoteTasks', prefix: 'tasks/', actions: ['GetObject', 'PutObject'] }),
      ],
    });
    this.handler.addEventSource(
      new SqsEventSource(props.reports.queue, {
        batchSize: 10,
        maxConcurrency: props.config.functionsAtOnce,
        reportBatchItemFailures: true,
      }),
    );
  }
}
