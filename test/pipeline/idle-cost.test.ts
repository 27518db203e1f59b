import { ALARM_METRICS, DASHBOARDS, IDLE_METRICS, POLLED_QUEUES } from '../../core/cost/idle';
import { METRICS } from '../../core/metrics';
import { synthPipeline } from '../support/synth-pipeline';

const { template } = synthPipeline();
const count = (type: string): number => Object.keys(template.findResources(type)).length;

describe('what the idle cost counts', () => {
  it('is what the stack has: dashboards, alarm metrics and polled queues', () => {
    expect(count('AWS::CloudWatch::Dashboard')).toBe(DASHBOARDS);
    expect(count('AWS::Lambda::EventSourceMapping')).toBe(POLLED_QUEUES);
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')) as {
      Properties: { MetricName?: string; Metrics?: { MetricStat?: object }[] };
    }[];
    const metrics = alarms.flatMap(({ Properties: { MetricName, Metrics = [] } }) => [
      ...(MetricName === undefined ? [] : [MetricName]),
      ...Metrics.filter(({ MetricStat }) => MetricStat !== undefined),
    ]);
    expect(metrics).toHaveLength(ALARM_METRICS);
  });

  it('is all that is billed by the hour: nothing of a network, and no task that waits', () => {
    for (const type of [
      'AWS::EC2::NatGateway',
      'AWS::EC2::EIP',
      'AWS::ECS::Service',
      'AWS::ElasticLoadBalancingV2::LoadBalancer',
    ])
      expect(count(type)).toBe(0);
    template.allResourcesProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway' });
  });

  it('has metrics that exist', () => {
    for (const name of IDLE_METRICS) expect(METRICS).toHaveProperty(name);
  });
});
