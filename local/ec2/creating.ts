import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { describeNat, describeSubnet, describeTable, describeVpc } from './describing';
import { Ec2Error } from './errors';
import { type Operation, parse, taggedSchema, tagsFor } from './operation';
import type { Stored } from './resources';
import type { World } from './world';

const EVERYTHING_OUT = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

export const creating: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['AllocateAddress', allocateAddress],
  ['CreateInternetGateway', createInternetGateway],
  ['CreateVpc', createVpc],
  ['CreateSubnet', createSubnet],
  ['CreateRouteTable', createRouteTable],
  ['CreateSecurityGroup', createSecurityGroup],
  ['CreateNatGateway', createNatGateway],
  ['CreateVpcEndpoint', createVpcEndpoint],
]);

function allocateAddress(world: World, input: unknown): object {
  const tags = tagsFor('elastic-ip', parse(taggedSchema, input));
  const PublicIp = `203.0.113.${randomInt(1, 255)}`;
  const address = world.add('elastic-ip', { details: { PublicIp }, tags });
  return { AllocationId: address.id, PublicIp, Domain: 'vpc' };
}

function createInternetGateway(world: World, input: unknown): object {
  const tags = tagsFor('internet-gateway', parse(taggedSchema, input));
  const gateway = world.add('internet-gateway', { details: {}, tags });
  return { InternetGateway: { InternetGatewayId: gateway.id, Tags: tags, Attachments: [] } };
}

const vpcSchema = taggedSchema.extend({ CidrBlock: z.string() });

function createVpc(world: World, input: unknown): object {
  const request = parse(vpcSchema, input);
  const tags = tagsFor('vpc', request);
  return { Vpc: describeVpc(world.add('vpc', { details: { CidrBlock: request.CidrBlock }, tags })) };
}

const subnetSchema = taggedSchema.extend({
  VpcId: z.string(),
  CidrBlock: z.string(),
  AvailabilityZone: z.string().optional(),
});

function createSubnet(world: World, input: unknown): object {
  const { VpcId, CidrBlock, AvailabilityZone, ...tagged } = parse(subnetSchema, input);
  world.require('vpc', VpcId);
  const siblings = world.existing('subnet').filter(({ details }) => details.VpcId === VpcId);
  if (siblings.some(({ details }) => details.CidrBlock === CidrBlock)) {
    throw new Ec2Error('InvalidSubnet.Conflict', `The CIDR '${CidrBlock}' conflicts with another subnet`);
  }
  const details = { VpcId, CidrBlock, AvailabilityZone: AvailabilityZone ?? `${world.options.region}a` };
  return { Subnet: describeSubnet(world.add('subnet', { details, tags: tagsFor('subnet', tagged) })) };
}

const inVpcSchema = taggedSchema.extend({ VpcId: z.string() });

function createRouteTable(world: World, input: unknown): object {
  const { VpcId, ...tagged } = parse(inVpcSchema, input);
  const tags = tagsFor('route-table', tagged);
  const known = world.findByToken('route-table', tagged.ClientToken);
  if (known !== undefined) return { RouteTable: describeTable(known) };
  world.require('vpc', VpcId);
  const details = { VpcId, Associations: [], Routes: [] };
  return { RouteTable: describeTable(world.add('route-table', { details, tags, ...tokenOf(tagged) })) };
}

const groupSchema = inVpcSchema.extend({ GroupName: z.string(), Description: z.string() });

function createSecurityGroup(world: World, input: unknown): object {
  const { VpcId, GroupName, Description, ...tagged } = parse(groupSchema, input);
  world.require('vpc', VpcId);
  const siblings = world.existing('security-group').filter(({ details }) => details.VpcId === VpcId);
  if (siblings.some(({ details }) => details.GroupName === GroupName)) {
    throw new Ec2Error(
      'InvalidGroup.Duplicate',
      `The security group '${GroupName}' already exists for VPC '${VpcId}'`,
    );
  }
  const details = { VpcId, GroupName, Description, IpPermissionsEgress: [EVERYTHING_OUT] };
  const tags = tagsFor('security-group', tagged);
  return { GroupId: world.add('security-group', { details, tags }).id, Tags: tags };
}

const natSchema = taggedSchema.extend({ SubnetId: z.string(), AllocationId: z.string() });

function createNatGateway(world: World, input: unknown): object {
  const { SubnetId, AllocationId, ...tagged } = parse(natSchema, input);
  const tags = tagsFor('natgateway', tagged);
  const known = world.findByToken('natgateway', tagged.ClientToken);
  if (known !== undefined) return { NatGateway: describeNat(world, known) };
  const { VpcId } = world.require('subnet', SubnetId).details;
  world.require('elastic-ip', AllocationId);
  const failure = world.options.natFailure?.() ?? whyNatFails(world, { VpcId, AllocationId });
  const details = {
    ...{ VpcId, SubnetId, AllocationId },
    ...(failure === undefined ? {} : { FailureCode: failure.code, FailureMessage: failure.message }),
  };
  return { NatGateway: describeNat(world, world.add('natgateway', { details, tags, ...tokenOf(tagged) })) };
}

/** EC2 finds these out after it has answered. */
function whyNatFails(
  world: World,
  { VpcId, AllocationId }: { VpcId: string; AllocationId: string },
): { code: string; message: string } | undefined {
  if (world.existing('natgateway').some(({ details }) => details.AllocationId === AllocationId)) {
    const message = `Elastic IP address ${AllocationId} is already associated`;
    return { code: 'Resource.AlreadyAssociated', message };
  }
  if (world.existing('internet-gateway').some(({ details }) => details.VpcId === VpcId)) return undefined;
  return { code: 'Gateway.NotAttached', message: `Network ${VpcId} has no Internet gateway attached` };
}

const endpointSchema = inVpcSchema.extend({
  ServiceName: z.string(),
  VpcEndpointType: z.literal('Gateway'),
  RouteTableIds: z.array(z.string()).default([]),
});

function createVpcEndpoint(world: World, input: unknown): object {
  const { VpcId, ServiceName, RouteTableIds, ...tagged } = parse(endpointSchema, input);
  const tags = tagsFor('vpc-endpoint', tagged);
  const known = world.findByToken('vpc-endpoint', tagged.ClientToken);
  if (known === undefined) {
    world.require('vpc', VpcId);
    for (const id of RouteTableIds) world.require('route-table', id, 'InvalidRouteTableId.NotFound');
  }
  const endpoint: Stored<'vpc-endpoint'> =
    known ??
    world.add('vpc-endpoint', { details: { VpcId, ServiceName, RouteTableIds }, tags, ...tokenOf(tagged) });
  return { VpcEndpoint: { VpcEndpointId: endpoint.id, VpcId, ServiceName, State: 'available', Tags: tags } };
}

function tokenOf({ ClientToken }: { ClientToken?: string | undefined }): { clientToken?: string } {
  return ClientToken === undefined ? {} : { clientToken: ClientToken };
}
