import { Duration } from 'aws-cdk-lib';
import type { IAlarmAction, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Alarm, ComparisonOperator, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { spotreelMetric } from './metrics';
import type { PipelineConfig } from './config';

/** Share of ended jobs that failed, in per cent, from which on somebody should look. */
const FAILURE_PER_CENT = 50;

/** An order may wait this long before somebody should look. */
const ORDER_AGE_SECONDS = 3600;

export interface AlarmsProps {
  readonly config: PipelineConfig;
  /** By the name of the section in the runbook. */
  readonly deadLetters: Readonly<Record<string, Queue>>;
  readonly orders: Queue;
  readonly urgentOrders: Queue;
  /** Whether networks are made for jobs. */
  readonly makesNetworks: boolean;
  readonly action?: IAlarmAction;
}

interface AlarmPlan {
  /** Title of the section of docs/runbook.md. */
  readonly section: string;
  readonly metric: IMetric;
  readonly threshold: number;
  readonly means: string;
  readonly comparison?: ComparisonOperator;
  readonly evaluationPeriods?: number;
  readonly missing?: TreatMissingData;
}

/**
 * Eleven alarm metrics in all, of which an account has ten free; beyond that each is 0.10 USD a month. Where networks
 * are made for jobs there are two more.
 */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const plans = [
      ...Object.entries(props.deadLetters).map(([section, queue]) => deadLettersWait(section, queue)),
      ordersWait(props.orders),
      urgentOrdersWait(props.urgentOrders),
      jobsFail(),
      sweepIsSilent(props.config.sweepMinutes),
      ...(props.makesNetworks ? [networksOutliveExpiry(props.config.sweepMinutes)] : []),
    ];
    for (const plan of plans) {
      const alarm = new Alarm(this, plan.section.replaceAll(/[^A-Za-z]/g, ''), {
        alarmDescription: `${plan.means} See docs/runbook.md, "${plan.section}".`,
        metric: plan.metric,
        threshold: plan.threshold,
        comparisonOperator: plan.comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: plan.evaluationPeriods ?? 1,
        treatMissingData: plan.missing ?? TreatMissingData.NOT_BREACHING,
      });
      if (props.action !== undefined) alarm.addAlarmAction(props.action);
    }
  }
}

function deadLettersWait(section: string, queue: Queue): AlarmPlan {
  return {
    section,
    metric: queue.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(5),
      statistic: 'Maximum',
    }),
    threshold: 1,
    means: 'Something could not be handled however often it was tried.',
  };
}

function ordersWait(orders: Queue): AlarmPlan {
  const period = Duration.minutes(5);
  return {
    section: 'Orders wait',
    metric: new MathExpression({
      // The age counts orders in work too, and a long video may be in work for hours: only while others wait does it tell.
      expression: 'IF(waiting > 0, age, 0)',
      usingMetrics: {
        waiting: orders.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Minimum' }),
        age: orders.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' }),
      },
      period,
      label: 'Age of the oldest order while orders wait',
    }),
    threshold: ORDER_AGE_SECONDS,
    evaluationPeriods: 3,
    means: 'Orders have waited for over an hour: there are no workers, or too few.',
  };
}

/** They go before all others: that one waits at every moment is enough, whatever its age. */
function urgentOrdersWait(urgentOrders: Queue): AlarmPlan {
  return {
    section: 'Urgent orders wait',
    metric: urgentOrders.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(5),
      statistic: 'Minimum',
    }),
    threshold: 1,
    evaluationPeriods: 3,
    means: 'For a quarter of an hour there has always been an urgent order that no worker took.',
  };
}

function jobsFail(): AlarmPlan {
  const period = Duration.hours(1);
  const sum = { statistic: 'Sum', period };
  return {
    section: 'Jobs fail',
    metric: new MathExpression({
      expression: '100 * FILL(failed, 0) / (FILL(failed, 0) + FILL(done, 0))',
      usingMetrics: { failed: spotreelMetric('JobsFailed', sum), done: spotreelMetric('JobsDone', sum) },
      period,
      label: 'Per cent of jobs that failed',
    }),
    threshold: FAILURE_PER_CENT,
    means: 'Half of the jobs that ended within an hour failed.',
  };
}

function networksOutliveExpiry(sweepMinutes: number): AlarmPlan {
  return {
    section: 'Networks outlive their expiry',
    metric: spotreelMetric('NetworksOverdue', {
      statistic: 'Maximum',
      period: Duration.minutes(sweepMinutes),
    }),
    threshold: 1,
    // For an hour: network interfaces of tasks may linger for twenty minutes.
    evaluationPeriods: Math.ceil(60 / sweepMinutes),
    means: 'A network that was made for jobs is there past its expiry, and may be billed.',
  };
}

function sweepIsSilent(sweepMinutes: number): AlarmPlan {
  return {
    section: 'The sweep is silent',
    metric: spotreelMetric('SweepRuns', { statistic: 'Sum', period: Duration.minutes(sweepMinutes) }),
    threshold: 1,
    comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: 3,
    missing: TreatMissingData.BREACHING,
    means: 'No sweep has run: lost events are not repaired, and expired tasks go on being billed.',
  };
}
