import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { dependencyViolation, Ec2Error } from './errors';
import { type Operation, parse } from './operation';
import type { Permission } from './resources';
import type { World } from './world';

export const linking: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['AttachInternetGateway', attachInternetGateway],
  ['DetachInternetGateway', detachInternetGateway],
  ['AssociateRouteTable', associateRouteTable],
  ['DisassociateRouteTable', disassociateRouteTable],
  ['CreateRoute', createRoute],
  ['AuthorizeSecurityGroupEgress', authorizeEgress],
  ['RevokeSecurityGroupEgress', revokeEgress],
]);

const gatewaySchema = z.object({ InternetGatewayId: z.string(), VpcId: z.string() });

function attachInternetGateway(world: World, input: unknown): object {
  const { InternetGatewayId, VpcId } = parse(gatewaySchema, input);
  const gateway = world.require('internet-gateway', InternetGatewayId);
  world.require('vpc', VpcId);
  if (gateway.details.VpcId !== undefined) {
    throw new Ec2Error(
      'Resource.AlreadyAssociated',
      `resource ${InternetGatewayId} is already attached to network ${gateway.details.VpcId}`,
    );
  }
  world.change(gateway, { VpcId });
  return {};
}

function detachInternetGateway(world: World, input: unknown): object {
  const { InternetGatewayId, VpcId } = parse(gatewaySchema, input);
  const gateway = world.require('internet-gateway', InternetGatewayId);
  if (gateway.details.VpcId !== VpcId) {
    throw new Ec2Error(
      'Gateway.NotAttached',
      `resource ${InternetGatewayId} is not attached to network ${VpcId}`,
    );
  }
  if (world.existing('natgateway').some(({ details }) => details.VpcId === VpcId)) {
    throw dependencyViolation(
      `Network ${VpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    );
  }
  world.change(gateway, {});
  return {};
}

const associationSchema = z.object({ RouteTableId: z.string(), SubnetId: z.string() });

function associateRouteTable(world: World, input: unknown): object {
  const { RouteTableId, SubnetId } = parse(associationSchema, input);
  const table = world.require('route-table', RouteTableId);
  world.require('subnet', SubnetId);
  if (
    world
      .existing('route-table')
      .some(({ details }) => details.Associations.some(one => one.SubnetId === SubnetId))
  ) {
    throw new Ec2Error(
      'Resource.AlreadyAssociated',
      `the specified association for ${SubnetId} already exists`,
    );
  }
  const RouteTableAssociationId = `rtbassoc-0${randomBytes(8).toString('hex')}`;
  const Associations = [...table.details.Associations, { RouteTableAssociationId, SubnetId }];
  world.change(table, { ...table.details, Associations });
  return { AssociationId: RouteTableAssociationId };
}

const associationIdSchema = z.object({ AssociationId: z.string() });

function disassociateRouteTable(world: World, input: unknown): object {
  const { AssociationId } = parse(associationIdSchema, input);
  const isIt = (one: { RouteTableAssociationId: string }): boolean =>
    one.RouteTableAssociationId === AssociationId;
  const table = world.existing('route-table').find(({ details }) => details.Associations.some(isIt));
  if (table === undefined)
    throw new Ec2Error(
      'InvalidAssociationID.NotFound',
      `The association ID '${AssociationId}' does not exist`,
    );
  const Associations = table.details.Associations.filter(one => !isIt(one));
  world.change(table, { ...table.details, Associations });
  return {};
}

const routeSchema = z.object({
  RouteTableId: z.string(),
  DestinationCidrBlock: z.string(),
  GatewayId: z.string().optional(),
  NatGatewayId: z.string().optional(),
});

function createRoute(world: World, input: unknown): object {
  const { RouteTableId, ...route } = parse(routeSchema, input);
  const table = world.require('route-table', RouteTableId);
  if (table.details.Routes.some(one => one.DestinationCidrBlock === route.DestinationCidrBlock)) {
    throw new Ec2Error(
      'RouteAlreadyExists',
      `The route identified by ${route.DestinationCidrBlock} already exists.`,
    );
  }
  if (route.NatGatewayId !== undefined) {
    const nat = world.require('natgateway', route.NatGatewayId, 'InvalidNatGatewayID.NotFound');
    if (world.now < nat.createdAt + world.natMs('toMake')) {
      throw new Ec2Error('InvalidNatGatewayID.NotFound', `The natGateway ID '${nat.id}' does not exist`);
    }
  }
  if (route.GatewayId !== undefined) {
    const gateway = world.require('internet-gateway', route.GatewayId, 'InvalidGatewayID.NotFound');
    if (gateway.details.VpcId !== table.details.VpcId) {
      throw new Ec2Error(
        'InvalidParameterValue',
        `route table ${RouteTableId} and network gateway ${gateway.id} belong to different networks`,
      );
    }
  }
  world.change(table, { ...table.details, Routes: [...table.details.Routes, route] });
  return { Return: true };
}

const egressSchema = z.object({
  GroupId: z.string(),
  IpPermissions: z.array(
    z.object({
      IpProtocol: z.string(),
      FromPort: z.coerce.number().optional(),
      ToPort: z.coerce.number().optional(),
      IpRanges: z.array(z.object({ CidrIp: z.string() })).default([]),
    }),
  ),
});

function authorizeEgress(world: World, input: unknown): object {
  const { GroupId, IpPermissions } = parse(egressSchema, input);
  const group = world.require('security-group', GroupId);
  const rules = group.details.IpPermissionsEgress;
  if (IpPermissions.some(permission => rules.some(rule => isSameRule(rule, permission)))) {
    throw new Ec2Error('InvalidPermission.Duplicate', 'the specified rule already exists');
  }
  world.change(group, { ...group.details, IpPermissionsEgress: [...rules, ...IpPermissions] });
  return { Return: true };
}

function revokeEgress(world: World, input: unknown): object {
  const { GroupId, IpPermissions } = parse(egressSchema, input);
  const group = world.require('security-group', GroupId);
  const rules = group.details.IpPermissionsEgress;
  const isRevoked = (rule: Permission): boolean =>
    IpPermissions.some(permission => isSameRule(rule, permission));
  if (!rules.some(isRevoked)) {
    throw new Ec2Error(
      'InvalidPermission.NotFound',
      'The specified rule does not exist in this security group.',
    );
  }
  world.change(group, { ...group.details, IpPermissionsEgress: rules.filter(rule => !isRevoked(rule)) });
  return { Return: true };
}

function isSameRule(a: Permission, b: Permission): boolean {
  const key = ({ IpProtocol, FromPort, ToPort, IpRanges }: Permission): string =>
    JSON.stringify([IpProtocol, FromPort, ToPort, IpRanges.map(({ CidrIp }) => CidrIp)]);
  return key(a) === key(b);
}
