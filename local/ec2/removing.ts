import { z } from 'zod';
import { dependencyViolation, Ec2Error } from './errors';
import { type Operation, parse } from './operation';
import type { Kind, Stored } from './resources';
import type { World } from './world';

export const removing: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['DeleteVpc', remover('vpc', 'VpcId', deletableVpc)],
  ['DeleteSubnet', remover('subnet', 'SubnetId', deletableSubnet)],
  ['DeleteInternetGateway', remover('internet-gateway', 'InternetGatewayId', deletableGateway)],
  ['DeleteRouteTable', remover('route-table', 'RouteTableId', deletableTable)],
  ['DeleteSecurityGroup', remover('security-group', 'GroupId', deletableGroup)],
  ['ReleaseAddress', remover('elastic-ip', 'AllocationId', releasableAddress)],
  ['DeleteNatGateway', deleteNatGateway],
  ['DeleteVpcEndpoints', deleteVpcEndpoints],
]);

/** Throws EC2's error while a resource cannot be removed. */
type Check<K extends Kind> = (world: World, resource: Stored<K>) => void;

function remover<K extends Kind>(kind: K, idName: string, check: Check<K>): Operation {
  const schema = z.object({ [idName]: z.string() });
  return (world, input) => {
    const resource = world.require(kind, parse(schema, input)[idName]);
    check(world, resource);
    world.remove(resource);
    if (kind === 'subnet') forgetSubnet(world, resource.id);
    return { Return: true };
  };
}

function deletableVpc(world: World, { id }: Stored<'vpc'>): void {
  const kinds = ['subnet', 'route-table', 'security-group', 'natgateway', 'vpc-endpoint'] as const;
  const isInUse =
    kinds.some(kind => world.existing(kind).some(({ details }) => details.VpcId === id)) ||
    world.existing('internet-gateway').some(({ details }) => details.VpcId === id);
  if (isInUse) throw dependencyViolation(`The vpc '${id}' has dependencies and cannot be deleted.`);
}

function deletableSubnet(world: World, { id }: Stored<'subnet'>): void {
  const isInUse =
    world.existing('natgateway').some(({ details }) => details.SubnetId === id) ||
    world.interfaces().some(({ subnetId }) => subnetId === id);
  if (isInUse) throw dependencyViolation(`The subnet '${id}' has dependencies and cannot be deleted.`);
}

/** The associations of a subnet end with it. */
function forgetSubnet(world: World, subnetId: string): void {
  for (const table of world.existing('route-table')) {
    const Associations = table.details.Associations.filter(({ SubnetId }) => SubnetId !== subnetId);
    if (Associations.length < table.details.Associations.length)
      world.change(table, { ...table.details, Associations });
  }
}

function deletableGateway(_world: World, { id, details }: Stored<'internet-gateway'>): void {
  if (details.VpcId !== undefined)
    throw dependencyViolation(`The internetGateway '${id}' has dependencies and cannot be deleted.`);
}

function deletableTable(_world: World, { id, details }: Stored<'route-table'>): void {
  if (details.Associations.length > 0)
    throw dependencyViolation(`The routeTable '${id}' has dependencies and cannot be deleted.`);
}

function deletableGroup(world: World, { id }: Stored<'security-group'>): void {
  if (world.interfaces().some(({ securityGroupIds }) => securityGroupIds.includes(id)))
    throw dependencyViolation(`resource ${id} has a dependent object`);
}

function releasableAddress(world: World, { id }: Stored<'elastic-ip'>): void {
  if (world.existing('natgateway').some(({ details }) => details.AllocationId === id))
    throw new Ec2Error('InvalidIPAddress.InUse', `Address with allocation ID ${id} is in use.`);
}

const natSchema = z.object({ NatGatewayId: z.string() });

function deleteNatGateway(world: World, input: unknown): object {
  const nat = world.require('natgateway', parse(natSchema, input).NatGatewayId);
  if (nat.deletedAt === undefined) world.remove(nat);
  return { NatGatewayId: nat.id };
}

const endpointsSchema = z.object({ VpcEndpointIds: z.array(z.string()) });

function deleteVpcEndpoints(world: World, input: unknown): object {
  const Unsuccessful: object[] = [];
  for (const id of parse(endpointsSchema, input).VpcEndpointIds) {
    const endpoint = world.existing('vpc-endpoint').find(one => one.id === id);
    if (endpoint !== undefined) world.remove(endpoint);
    else {
      const Message = `The Vpc Endpoint Id '${id}' does not exist`;
      Unsuccessful.push({ ResourceId: id, Error: { Code: 'InvalidVpcEndpoint.NotFound', Message } });
    }
  }
  return { Unsuccessful };
}
