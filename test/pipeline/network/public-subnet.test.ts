import { Match } from 'aws-cdk-lib/assertions';
import { networkVariables, resourcesOf, synthPipeline } from '../../support/synth-pipeline';

const pipeline = synthPipeline();

describe('the network publicSubnet', () => {
  it('bills nothing while no task runs: no NAT gateway, no interface endpoint, no address, no load balancer', () => {
    for (const type of ['AWS::EC2::NatGateway', 'AWS::EC2::EIP', 'AWS::ElasticLoadBalancingV2::LoadBalancer'])
      pipeline.template.resourceCountIs(type, 0);
    const endpoints = resourcesOf(pipeline, 'AWS::EC2::VPCEndpoint');
    expect(endpoints.map(({ properties }) => properties['VpcEndpointType'])).toEqual(['Gateway']);
  });

  it('gives each task a public address, without which it would reach nothing', () => {
    expect(networkVariables(pipeline)).toMatchObject({ ASSIGN_PUBLIC_IP: 'ENABLED' });
  });

  it('lets nobody in, and workers out by HTTPS only', () => {
    pipeline.template.allResourcesProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: Match.absent(),
      SecurityGroupEgress: [
        Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443, IpProtocol: 'tcp' }),
      ],
    });
    pipeline.template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    pipeline.template.resourceCountIs('AWS::EC2::SecurityGroupEgress', 0);
  });

  it('has public subnets in two zones, which give no address to what does not ask for one', () => {
    const subnets = resourcesOf(pipeline, 'AWS::EC2::Subnet');
    expect(subnets).toHaveLength(2);
    for (const { properties } of subnets) expect(properties['MapPublicIpOnLaunch']).toBe(false);
  });
});
