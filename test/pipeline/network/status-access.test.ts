import { Match } from 'aws-cdk-lib/assertions';
import type { NetworkInput } from '../../../pipeline/network/network-config';
import { RolePolicies } from '../../support/role-policies';
import type { SynthesizedPipeline } from '../../support/synth-pipeline';
import { resourceNamed, resourcesOf, synthPipeline } from '../../support/synth-pipeline';

const STATUS = { statusPort: 8080, statusCidrs: ['203.0.113.0/24', '198.51.100.7/32'] };
const NETWORKS: readonly NetworkInput[] = [
  'publicSubnet',
  'privateEndpoints',
  { mode: 'existingVpc', vpcId: 'vpc-01234567', subnetIds: ['subnet-01234567'], wayOut: 'nat' },
];

interface ContainerDefinition {
  readonly PortMappings?: unknown;
  readonly Environment: readonly { readonly Name: string; readonly Value: unknown }[];
}

function containerOf(pipeline: SynthesizedPipeline): ContainerDefinition {
  const [task] = resourcesOf(pipeline, 'AWS::ECS::TaskDefinition');
  const [container] = (task?.properties['ContainerDefinitions'] ?? []) as ContainerDefinition[];
  if (container === undefined) throw new Error('There is no container');
  return container;
}

describe.each(NETWORKS.map(network => ({ network })))('in $network', ({ network }) => {
  const pipeline = synthPipeline({ network, ...STATUS });

  it('the status page is open to the given networks, by its port alone', () => {
    pipeline.template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Workers',
      SecurityGroupIngress: STATUS.statusCidrs.map(cidr =>
        Match.objectLike({ CidrIp: cidr, FromPort: 8080, ToPort: 8080, IpProtocol: 'tcp' }),
      ),
    });
  });

  it('the worker is told the port, and its container has it mapped', () => {
    const { PortMappings, Environment } = containerOf(pipeline);
    expect(PortMappings).toEqual([{ ContainerPort: 8080, Protocol: 'tcp' }]);
    expect(Environment).toContainEqual({ Name: 'STATUS_PORT', Value: '8080' });
  });
});

describe('the status page', () => {
  it('is not there unless it is asked for', () => {
    const pipeline = synthPipeline();
    const { PortMappings, Environment } = containerOf(pipeline);
    expect(PortMappings).toBeUndefined();
    expect(Environment.map(({ Name }) => Name)).not.toContain('STATUS_PORT');
  });

  it('lets the stage that is told of tasks first, and no other, find their addresses', () => {
    const pipeline = synthPipeline(STATUS);
    const policies = new RolePolicies(pipeline);
    const clusterId = resourceNamed(pipeline, 'AWS::ECS::Cluster', 'Pipeline').logicalId;
    const mayFind = (role: string): boolean[] => [
      policies.may(role, { action: 'ec2:DescribeNetworkInterfaces', resource: '*' }),
      policies.may(role, {
        action: 'ecs:DescribeTasks',
        resource: policies.ecs(`task/${clusterId}/0123456789abcdef`),
        context: { 'ecs:cluster': policies.arn(clusterId) },
      }),
    ];
    expect(mayFind('PipelineCompletionRole')).toEqual([true, true]);
    expect(mayFind('PipelineIntakeRole')).toEqual([false, false]);
    expect(mayFind('PipelineWorkerTaskRole')).toEqual([false, false]);
    expect(policies.may('PipelineCompletionRole', { action: 'ec2:DescribeInstances', resource: '*' })).toBe(
      false,
    );
  });

  it('is no reason for any such permission where there is none', () => {
    const policies = new RolePolicies(synthPipeline());
    const question = { action: 'ec2:DescribeNetworkInterfaces', resource: '*' };
    expect(policies.may('PipelineCompletionRole', question)).toBe(false);
  });
});
