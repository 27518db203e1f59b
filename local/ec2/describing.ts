import { z } from 'zod';
import { Ec2Error } from './errors';
import { type Operation, parse } from './operation';
import type { Kind, Stored } from './resources';
import type { World } from './world';

export const describing: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['DescribeNetworkInterfaces', describeInterfaces],
  [
    'DescribeVpcs',
    describer({ kind: 'vpc', ids: 'VpcIds', set: 'Vpcs', describe: (_, one) => describeVpc(one) }),
  ],
  [
    'DescribeSubnets',
    describer({
      kind: 'subnet',
      ids: 'SubnetIds',
      set: 'Subnets',
      describe: (_, one) => describeSubnet(one),
    }),
  ],
  [
    'DescribeInternetGateways',
    describer({
      kind: 'internet-gateway',
      ids: 'InternetGatewayIds',
      set: 'InternetGateways',
      describe: (_, one) => describeGateway(one),
    }),
  ],
  [
    'DescribeRouteTables',
    describer({
      kind: 'route-table',
      ids: 'RouteTableIds',
      set: 'RouteTables',
      describe: (_, one) => describeTable(one),
    }),
  ],
  [
    'DescribeSecurityGroups',
    describer({
      kind: 'security-group',
      ids: 'GroupIds',
      set: 'SecurityGroups',
      describe: (_, one) => describeGroup(one),
    }),
  ],
  [
    'DescribeNatGateways',
    describer({ kind: 'natgateway', ids: 'NatGatewayIds', set: 'NatGateways', describe: describeNat }),
  ],
  [
    'DescribeAddresses',
    describer({ kind: 'elastic-ip', ids: 'AllocationIds', set: 'Addresses', describe: describeAddress }),
  ],
  [
    'DescribeVpcEndpoints',
    describer({
      kind: 'vpc-endpoint',
      ids: 'VpcEndpointIds',
      set: 'VpcEndpoints',
      describe: (_, one) => describeEndpoint(one),
    }),
  ],
]);

const filterSchema = z
  .array(z.object({ Name: z.string(), Values: z.array(z.string()).default([]) }))
  .default([]);

const requestSchema = z.looseObject({
  Filters: filterSchema,
  // DescribeNatGateways spells it in the singular.
  Filter: filterSchema,
});
const idsSchema = z.array(z.string()).optional();

interface Description<K extends Kind> {
  readonly kind: K;
  /** Parameter with the ids that are asked for. */
  readonly ids: string;
  /** Member of the answer. */
  readonly set: string;
  readonly describe: (world: World, resource: Stored<K>) => object;
}

function describer<K extends Kind>({ kind, ids, set, describe }: Description<K>): Operation {
  return (world, input) => {
    const request = parse(requestSchema, input);
    const wanted = parse(idsSchema, request[ids]);
    const shown = world.shown(kind);
    const filters = [...request.Filters, ...request.Filter];
    for (const id of wanted ?? []) if (!shown.some(one => one.id === id)) world.require(kind, id);
    const found = shown.filter(
      one => (wanted?.includes(one.id) ?? true) && filters.every(filter => passes(one, filter)),
    );
    return { [set]: found.map(one => describe(world, one)) };
  };
}

function passes(resource: Stored, { Name, Values }: { Name: string; Values: readonly string[] }): boolean {
  const tag = /^tag:(.+)$/.exec(Name)?.[1];
  if (tag !== undefined) return resource.tags.some(({ Key, Value }) => Key === tag && Values.includes(Value));
  if (Name === 'tag-key') return resource.tags.some(({ Key }) => Values.includes(Key));
  if (Name === 'vpc-id')
    return 'VpcId' in resource.details && Values.includes(String(resource.details.VpcId));
  throw new Ec2Error('InvalidParameterValue', `The filter '${Name}' is invalid`);
}

const interfacesSchema = z.object({ NetworkInterfaceIds: z.array(z.string()).default([]) });

function describeInterfaces(world: World, input: unknown): object {
  const { NetworkInterfaceIds: wanted } = parse(interfacesSchema, input);
  const present = world.interfaces();
  const unknown = wanted.find(id => present.every(one => one.networkInterfaceId !== id));
  if (unknown !== undefined) {
    throw new Ec2Error(
      'InvalidNetworkInterfaceID.NotFound',
      `The networkInterface ID '${unknown}' does not exist`,
    );
  }
  const found = present.filter(one => wanted.length === 0 || wanted.includes(one.networkInterfaceId));
  return {
    NetworkInterfaces: found.map(one => ({
      NetworkInterfaceId: one.networkInterfaceId,
      SubnetId: one.subnetId,
      MacAddress: one.macAddress,
      PrivateIpAddress: one.privateIpv4Address,
      Status: 'in-use',
      Groups: one.securityGroupIds.map(GroupId => ({ GroupId })),
      ...(one.publicIpv4Address === undefined ? {} : { Association: { PublicIp: one.publicIpv4Address } }),
    })),
  };
}

export function describeVpc({ id, tags, details }: Stored<'vpc'>): object {
  return { VpcId: id, State: 'available', ...details, Tags: tags };
}

export function describeSubnet({ id, tags, details }: Stored<'subnet'>): object {
  return { SubnetId: id, State: 'available', ...details, Tags: tags };
}

function describeGateway({ id, tags, details: { VpcId } }: Stored<'internet-gateway'>): object {
  const Attachments = VpcId === undefined ? [] : [{ VpcId, State: 'available' }];
  return { InternetGatewayId: id, Attachments, Tags: tags };
}

export function describeTable({ id, tags, details }: Stored<'route-table'>): object {
  return { RouteTableId: id, ...details, Tags: tags };
}

function describeGroup({ id, tags, details }: Stored<'security-group'>): object {
  return { GroupId: id, ...details, Tags: tags };
}

function describeAddress(world: World, { id, tags, details }: Stored<'elastic-ip'>): object {
  const nat = world.existing('natgateway').find(one => one.details.AllocationId === id);
  const association = nat === undefined ? {} : { AssociationId: `eipassoc-${nat.id.slice(4)}` };
  return { AllocationId: id, Domain: 'vpc', ...details, ...association, Tags: tags };
}

function describeEndpoint({ id, tags, details }: Stored<'vpc-endpoint'>): object {
  return { VpcEndpointId: id, VpcEndpointType: 'Gateway', State: 'available', ...details, Tags: tags };
}

export function describeNat(world: World, nat: Stored<'natgateway'>): object {
  const { AllocationId, FailureCode, FailureMessage, ...details } = nat.details;
  const State = natState(world, nat);
  const failure = State === 'failed' ? { FailureCode, FailureMessage } : {};
  const NatGatewayAddresses = [{ AllocationId }];
  return { NatGatewayId: nat.id, State, ...details, ...failure, NatGatewayAddresses, Tags: nat.tags };
}

function natState(world: World, { createdAt, deletedAt, details }: Stored<'natgateway'>): string {
  if (deletedAt !== undefined)
    return world.now < deletedAt + world.natMs('toDelete') ? 'deleting' : 'deleted';
  if (world.now < createdAt + world.natMs('toMake')) return 'pending';
  return details.FailureCode === undefined ? 'available' : 'failed';
}
