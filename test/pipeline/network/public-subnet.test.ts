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

  it('leads out of both by an internet gateway, and to S3 by its own', () => {
    const [gateway] = resourcesOf(pipeline, 'AWS::EC2::InternetGateway');
    const routes = resourcesOf(pipeline, 'AWS::EC2::Route').map(({ properties }) => properties);
    expect(routes).toHaveLength(2);
    for (const route of routes)
      expect(route).toMatchObject({
        DestinationCidrBlock: '0.0.0.0/0',
        GatewayId: { Ref: gateway?.logicalId },
      });
    const tables = resourcesOf(pipeline, 'AWS::EC2::RouteTable').map(({ logicalId }) => ({ Ref: logicalId }));
    const [toS3] = resourcesOf(pipeline, 'AWS::EC2::VPCEndpoint');
    expect(toS3?.properties['RouteTableIds']).toEqual(tables);
    expect(JSON.stringify(toS3?.properties['ServiceName'])).toContain('.s3"');
  });
});
