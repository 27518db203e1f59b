import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { MetricName } from '../core/metrics';
import { METRIC_NAMESPACE } from '../core/metrics';

/** One of Spotreel's own metrics, under the one dimension that all of them have. */
export function spotreelMetric(
  metricName: MetricName,
  { statistic, period }: { statistic: string; period: Duration },
): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { service: 'spotreel' },
    statistic,
    period,
  });
}
