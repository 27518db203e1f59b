import type { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { alarmMail } from './alarm-mail';
import { Alarms } from './alarms';
import type { PipelineConfig } from './config';
import { makeDashboard } from './dashboard';
import type { QueueWithDlq } from './queue-with-dlq';

export interface ObservabilityProps {
  readonly config: PipelineConfig;
  readonly orders: QueueWithDlq;
  readonly urgentOrders: QueueWithDlq;
  readonly reports: QueueWithDlq;
  readonly uploads: QueueWithDlq;
  /** Dead letters of the stages that EventBridge invokes. */
  readonly taskStateDeadLetters: Queue;
  readonly sweepDeadLetters: Queue;
  /** In the mode in which networks are made for jobs. */
  readonly networkRequests?: QueueWithDlq;
}

/** What the person on call looks at, and what calls that person. */
export class Observability extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: ObservabilityProps) {
    super(scope, id);
    const { config, orders, urgentOrders, reports } = props;
    this.dashboard = makeDashboard(this, 'Dashboard', [orders, urgentOrders, reports]);
    if (!config.alarms) return;
    new Alarms(this, 'Alarms', {
      config,
      orders: orders.queue,
      urgentOrders: urgentOrders.queue,
      makesNetworks: props.networkRequests !== undefined,
      deadLetters: {
        'Dead uploads': props.uploads.deadLetters,
        'Dead orders': orders.deadLetters,
        'Dead reports': reports.deadLetters,
        'Dead task events': props.taskStateDeadLetters,
        'Dead sweeps': props.sweepDeadLetters,
        ...(props.networkRequests === undefined
          ? {}
          : { 'Dead network requests': props.networkRequests.deadLetters }),
      },
      ...(config.alarmEmail === undefined ? {} : { action: alarmMail(this, 'AlarmMail', config.alarmEmail) }),
    });
  }
}
