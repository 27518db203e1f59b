import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Dashboard, GraphWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { MetricName } from '../core/metrics';
import type { Panel } from './metric-panels';
import { PANELS, SHOWN } from './metric-panels';
import { spotreelMetric } from './metrics';
import type { QueueWithDlq } from './queue-with-dlq';

const PERIOD = Duration.minutes(5);

/** Two panels beside each other fill the width of 24. */
const HALF_WIDTH = 12;

/** Everything that Spotreel measures on one page. The first three dashboards of an account are free, each further one 3.00 USD a month. */
export function makeDashboard(scope: Construct, id: string, queuesShown: readonly QueueWithDlq[]): Dashboard {
  const widgets = panels().map(
    panel => new GraphWidget({ title: PANELS[panel], width: HALF_WIDTH, left: metricsOf(panel) }),
  );
  const queues = new GraphWidget({
    title: 'Messages that wait',
    width: HALF_WIDTH,
    left: queuesShown.map(({ queue }) =>
      queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, label: queue.node.scope?.node.id }),
    ),
  });
  const dashboard = new Dashboard(scope, id);
  const all = [...widgets, queues];
  for (let first = 0; first < all.length; first += 2) dashboard.addWidgets(...all.slice(first, first + 2));
  return dashboard;
}

function panels(): Panel[] {
  return Object.keys(PANELS) as Panel[];
}

function metricsOf(panel: Panel): IMetric[] {
  const names = Object.keys(SHOWN) as MetricName[];
  return names.flatMap(name =>
    SHOWN[name]
      .filter(shown => shown.panel === panel)
      .map(({ statistic }) => spotreelMetric(name, { statistic, period: PERIOD })),
  );
}
