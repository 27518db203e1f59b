import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALARM_METRICS } from '../../core/cost/idle';
import { METRICS, METRIC_NAMESPACE } from '../../core/metrics';
import { resourceNamed, resourcesOf, synthPipeline } from '../support/synth-pipeline';

const pipeline = synthPipeline();
const alarms = resourcesOf(pipeline, 'AWS::CloudWatch::Alarm');

interface Widget {
  readonly properties: { readonly metrics?: readonly (readonly unknown[])[] };
}

/** The dashboard's body, with references in it replaced by their names. */
function dashboardWidgets(): Widget[] {
  const [dashboard] = resourcesOf(pipeline, 'AWS::CloudWatch::Dashboard');
  const body = dashboard?.properties['DashboardBody'] as { 'Fn::Join': [string, unknown[]] };
  const text = body['Fn::Join'][1].map(part => (typeof part === 'string' ? part : 'reference')).join('');
  return (JSON.parse(text) as { widgets: Widget[] }).widgets;
}

function metricsOfAlarm({ properties }: (typeof alarms)[number]): string[] {
  const queries = (properties['Metrics'] ?? []) as { MetricStat?: { Metric: { MetricName: string } } }[];
  const inMath = queries.flatMap(({ MetricStat }) =>
    MetricStat === undefined ? [] : [MetricStat.Metric.MetricName],
  );
  return inMath.length > 0 ? inMath : [String(properties['MetricName'])];
}

describe('dashboard', () => {
  const shown = dashboardWidgets().flatMap(({ properties }) => properties.metrics ?? []);
  const own = shown.filter(([namespace]) => namespace === METRIC_NAMESPACE);

  it('shows every metric that is emitted, and none that is not', () => {
    const names = new Set(own.map(([, name]) => name));
    expect([...names].sort()).toEqual(Object.keys(METRICS).sort());
  });

  it('shows what waits in each queue of orders', () => {
    const text = JSON.stringify(resourcesOf(pipeline, 'AWS::CloudWatch::Dashboard'));
    for (const start of ['PipelineOrdersQueue', 'PipelineUrgentOrdersQueue'])
      expect(text).toContain(resourceNamed(pipeline, 'AWS::SQS::Queue', start).logicalId);
  });

  it('looks for them where they are: under the service, and no other dimension', () => {
    for (const [, , dimension, value, options] of own) {
      expect([dimension, value]).toEqual(['service', 'spotreel']);
      expect(typeof options).toBe('object');
    }
  });
});

describe('alarms', () => {
  it('watch dead letters, waiting orders, failures and the heartbeat of the sweep', () => {
    expect(alarms.map(metricsOfAlarm).sort()).toEqual(
      [
        ...Array.from({ length: 6 }, () => ['ApproximateNumberOfMessagesVisible']),
        ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage'],
        ['JobsFailed', 'JobsDone'],
        ['SweepRuns'],
      ].sort(),
    );
  });

  it('watch every queue of dead letters', () => {
    const deadLetters = resourcesOf(pipeline, 'AWS::SQS::Queue')
      .map(({ logicalId }) => logicalId)
      .filter(logicalId => logicalId.includes('DeadLetters'));
    const text = JSON.stringify(alarms);
    expect(deadLetters.filter(logicalId => !text.includes(`"${logicalId}"`))).toEqual([]);
  });

  it('have as many metrics as the cost of an idle deployment counts', () => {
    expect(alarms.flatMap(metricsOfAlarm)).toHaveLength(ALARM_METRICS);
  });

  it('tell of urgent orders as soon as one has waited at every moment of a quarter of an hour', () => {
    const queue = resourceNamed(pipeline, 'AWS::SQS::Queue', 'PipelineUrgentOrdersQueue').logicalId;
    pipeline.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
      Statistic: 'Minimum',
      Period: 300,
      EvaluationPeriods: 3,
      Threshold: 1,
    });
  });

  it('take a missing heartbeat for a dead heart', () => {
    pipeline.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'SweepRuns',
      Namespace: METRIC_NAMESPACE,
      Dimensions: [{ Name: 'service', Value: 'spotreel' }],
      TreatMissingData: 'breaching',
      ComparisonOperator: 'LessThanThreshold',
      Period: 300,
      EvaluationPeriods: 3,
    });
  });

  it('each have a section in the runbook that says what to do', () => {
    const runbook = readFileSync(join(__dirname, '../../docs/runbook.md'), 'utf8');
    const sections = alarms.map(
      ({ properties }) => /"([^"]+)"\.$/.exec(String(properties['AlarmDescription']))?.[1],
    );
    expect(new Set(sections).size).toBe(alarms.length);
    for (const section of sections) {
      const [, text = ''] = runbook.split(`## ${section ?? 'undefined'}\n`);
      const body = text.split('\n## ')[0] ?? '';
      for (const part of ['**Description.**', '**Investigation.**', '**Resolution.**'])
        expect(body).toContain(part);
    }
  });

  it('can be left out, for who wants to pay nothing at all', () => {
    synthPipeline({ alarms: false }).template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });

  it('call nobody by default, and mail whom they are told to', () => {
    pipeline.template.resourceCountIs('AWS::SNS::Topic', 0);
    const { template } = synthPipeline({ alarmEmail: 'on-call@example.org' });
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'on-call@example.org',
    });
    for (const { properties } of resourcesOf({ ...pipeline, template }, 'AWS::CloudWatch::Alarm'))
      expect(properties['AlarmActions']).toHaveLength(1);
  });
});
