import type { App } from 'aws-cdk-lib';
import { Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import {
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  Subnet,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { ENDPOINT_SERVICES } from '../../../core/network-mode';
import type { PipelineConfigInput } from '../../../pipeline/config';
import { configFromContext } from '../../../pipeline/config';
import type { ExistingVpc } from '../../../pipeline/network/existing-vpc';
import type { WayOut } from '../../../pipeline/network/network-config';
import type { SynthesizedPipeline } from '../../support/synth-pipeline';
import { networkVariables, resourcesOf, synthPipeline } from '../../support/synth-pipeline';

const VPC = 'vpc-0123456789abcdef0';
const SUBNETS = ['subnet-0123456a', 'subnet-0123456b'];
const imported = (wayOut: WayOut): PipelineConfigInput => ({
  network: { mode: 'existingVpc', vpcId: VPC, subnetIds: SUBNETS, wayOut },
});

function within(make: (stack: Stack) => ExistingVpc): SynthesizedPipeline {
  return synthPipeline({}, { existingVpc: (app: App) => make(new Stack(app, 'Networks')) });
}

function vpcWith(stack: Stack, subnetType: SubnetType, natGateways = 0): Vpc {
  return new Vpc(stack, 'Vpc', {
    maxAzs: 2,
    natGateways,
    subnetConfiguration: [
      { name: 'Public', subnetType: SubnetType.PUBLIC },
      { name: 'Chosen', subnetType },
    ],
  });
}

describe('the network existingVpc, by ids', () => {
  it.each([
    ['internetGateway', 'ENABLED'],
    ['nat', 'DISABLED'],
    ['endpoints', 'DISABLED'],
  ] as const)('with the way out %s has public addresses %s', (wayOut, address) => {
    expect(networkVariables(synthPipeline(imported(wayOut)))).toMatchObject({
      SUBNET_IDS: SUBNETS.join(','),
      ASSIGN_PUBLIC_IP: address,
    });
  });

  it('makes a security group in that VPC and nothing else of a network', () => {
    const pipeline = synthPipeline(imported('nat'));
    const types = Object.values(
      (pipeline.template.toJSON() as { Resources: Record<string, { Type: string }> }).Resources,
    ).map(({ Type }) => Type);
    expect(types.filter(type => type.startsWith('AWS::EC2::'))).toEqual(['AWS::EC2::SecurityGroup']);
    pipeline.template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      VpcId: VPC,
      SecurityGroupIngress: Match.absent(),
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 })],
    });
  });
});

describe('the network existingVpc, looked up', () => {
  const env = { account: '111122223333', region: 'eu-central-1' };
  const lookup = `vpc-provider:account=111122223333:filter.vpc-id=${VPC}:region=eu-central-1:returnAsymmetricSubnets=true`;
  const group = (name: string, type: string, ...subnetIds: string[]) => ({
    name,
    type,
    subnets: subnetIds.map((subnetId, index) => ({
      subnetId,
      cidr: `10.0.${index}.0/24`,
      availabilityZone: `eu-central-1${'ab'[index] ?? 'c'}`,
      routeTableId: `rtb-${subnetId}`,
    })),
  });
  const context = {
    [lookup]: {
      vpcId: VPC,
      vpcCidrBlock: '10.0.0.0/16',
      ownerAccountId: '111122223333',
      availabilityZones: [],
      subnetGroups: [group('Pub', 'Public', 'subnet-p1', 'subnet-p2'), group('Priv', 'Private', 'subnet-q1')],
    },
  };
  const found = (wayOut: WayOut): SynthesizedPipeline =>
    synthPipeline({ network: { mode: 'existingVpc', vpcId: VPC, wayOut } }, { context, stackProps: { env } });

  it.each([
    ['internetGateway', 'subnet-p1,subnet-p2'],
    ['nat', 'subnet-q1'],
  ] as const)('takes the subnets whose routes are right for %s', (wayOut, subnetIds) => {
    expect(networkVariables(found(wayOut))['SUBNET_IDS']).toBe(subnetIds);
  });

  it('is refused where the VPC has no such subnets, with those that it has', () => {
    expect(() => found('endpoints')).toThrow(
      /\/network\/wayOut: vpc-0123456789abcdef0 has no subnets with that way out.*internetGateway, nat/,
    );
  });

  it('is refused without an account to look in', () => {
    expect(() => synthPipeline({ network: { mode: 'existingVpc', vpcId: VPC, wayOut: 'nat' } })).toThrow(
      /\/network\/subnetIds: .*credentials, or give subnetIds/,
    );
  });
});

describe('a VPC of the app', () => {
  it('with a NAT gateway takes tasks into its private subnets, without public addresses', () => {
    const pipeline = within(stack => ({ vpc: vpcWith(stack, SubnetType.PRIVATE_WITH_EGRESS, 1) }));
    expect(networkVariables(pipeline)).toMatchObject({ ASSIGN_PUBLIC_IP: 'DISABLED' });
    expect(resourcesOf(pipeline, 'AWS::EC2::VPC')).toEqual([]);
  });

  it('takes tasks into its public subnets when told to, with public addresses', () => {
    const pipeline = within(stack => ({
      vpc: vpcWith(stack, SubnetType.PRIVATE_ISOLATED),
      subnets: { subnetType: SubnetType.PUBLIC },
    }));
    expect(networkVariables(pipeline)).toMatchObject({ ASSIGN_PUBLIC_IP: 'ENABLED' });
  });

  it('without a NAT gateway is refused for its private subnets, with the fix', () => {
    expect(() => within(stack => ({ vpc: vpcWith(stack, SubnetType.PRIVATE_WITH_EGRESS) }))).toThrow(
      /Tasks in Networks\/Vpc\/ChosenSubnet1 cannot reach AWS: it has no route out\. Give the VPC a NAT gateway/,
    );
  });

  it('without endpoints is refused for its isolated subnets, and says which are missing', () => {
    expect(() =>
      within(stack => {
        const vpc = vpcWith(stack, SubnetType.PRIVATE_ISOLATED);
        vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
        return { vpc };
      }),
    ).toThrow(/the VPC has no endpoint for ecr\.api, ecr\.dkr, sqs, logs\./);
  });

  it('with all endpoints, also such as are added after the pipeline, takes tasks into isolated subnets', () => {
    const pipeline = within(stack => {
      const vpc = vpcWith(stack, SubnetType.PRIVATE_ISOLATED);
      vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
      for (const service of ENDPOINT_SERVICES)
        vpc.addInterfaceEndpoint(service, { service: new InterfaceVpcEndpointAwsService(service) });
      return { vpc };
    });
    expect(networkVariables(pipeline)).toMatchObject({ ASSIGN_PUBLIC_IP: 'DISABLED' });
  });

  it('is refused for subnets of two kinds, and for imported ones that say nothing of themselves', () => {
    const message = /\/network\/wayOut: .*Choose subnets of one kind, or say so/;
    expect(() =>
      within(stack => {
        const vpc = vpcWith(stack, SubnetType.PRIVATE_WITH_EGRESS, 1);
        return { vpc, subnets: { subnets: [...vpc.publicSubnets, ...vpc.privateSubnets] } };
      }),
    ).toThrow(message);
    const importedSubnets = (stack: Stack) => ({
      vpc: vpcWith(stack, SubnetType.PRIVATE_ISOLATED),
      subnets: { subnets: [Subnet.fromSubnetId(stack, 'Subnet', 'subnet-01')] },
    });
    expect(() => within(importedSubnets)).toThrow(message);
    const told = within(stack => ({ ...importedSubnets(stack), wayOut: 'nat' }));
    expect(networkVariables(told)).toMatchObject({ SUBNET_IDS: 'subnet-01', ASSIGN_PUBLIC_IP: 'DISABLED' });
  });

  it('is refused beside a configured network', () => {
    expect(() =>
      synthPipeline(
        { network: 'privateEndpoints' },
        {
          existingVpc: app => ({ vpc: vpcWith(new Stack(app, 'Networks'), SubnetType.PRIVATE_ISOLATED) }),
        },
      ),
    ).toThrow(/\/network = privateEndpoints: .*Leave one of the two out/);
  });
});

describe('what is written for existingVpc', () => {
  const read = (network: unknown) => {
    const stack = new Stack();
    stack.node.setContext('spotreel:network', network);
    return configFromContext(stack.node).network;
  };

  it('is JSON on the command line, or an object in cdk.json', () => {
    const network = { mode: 'existingVpc', vpcId: VPC, subnetIds: [SUBNETS[0]], wayOut: 'nat' };
    expect(read(network)).toEqual(network);
    expect(read(JSON.stringify(network))).toEqual(network);
  });

  it.each([
    ['existingVpc', /\/spotreel:network = existingVpc: It must be told which\. Write \{"mode":"existingVpc"/],
    ['public', /\/spotreel:network = public: Use one of: publicSubnet, existingVpc, privateEndpoints/],
    ['{mode:', /\/spotreel:network = \{mode:: Not valid JSON/],
    [{ mode: 'private' }, /\/spotreel:network\/mode = private: Use one of: publicSubnet/],
    [
      { mode: 'existingVpc', vpcId: '10.0.0.0/16', wayOut: 'nat' },
      /\/spotreel:network\/vpcId = 10.0.0.0\/16: .*vpc- and 8 or 17 hex/,
    ],
    [
      { mode: 'existingVpc', vpcId: VPC },
      /\/spotreel:network\/wayOut: Required field is missing. Use one of: internetGateway, nat, endpoints/,
    ],
    [
      { mode: 'existingVpc', vpcId: VPC, subnetIds: [], wayOut: 'nat' },
      /\/spotreel:network\/subnetIds = \[\]: .*at least 1/,
    ],
    [
      { mode: 'privateEndpoints', zone: 1 },
      /\/spotreel:network\/zone = 1: Unknown field. Did you mean "zones"/,
    ],
  ])('%j is refused with field, value and fix', (network, message) => {
    expect(() => read(network)).toThrow(message);
  });
});
