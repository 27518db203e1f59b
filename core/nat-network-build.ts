import type { CreateCall, LinkCall, NetworkCall } from './nat-network-calls';
import { callKey } from './nat-network-calls';
import type { ObservedResource } from './nat-network-observed';
import type { NetworkPart, NetworkRecord } from './nat-network-record';
import type { Settings } from './settings';

const VPC_CIDR = '10.0.0.0/16';
const SUBNET_CIDRS = {
  publicSubnet: '10.0.0.0/24',
  privateSubnetA: '10.0.64.0/18',
  privateSubnetB: '10.0.128.0/18',
} as const;

/** Parts whose creation takes a ClientToken, by which EC2 itself knows a repeated call. */
const REPEATABLE: readonly NetworkPart[] = [
  'natGateway',
  's3Endpoint',
  'publicRouteTable',
  'privateRouteTable',
];

/** Takes up the ids of parts that were asked for and whose answer was lost: the tag tells which part it is. */
export function withObservedParts(
  record: NetworkRecord,
  observed: readonly ObservedResource[],
): NetworkRecord {
  let parts = record.parts;
  for (const { part, id, state } of observed) {
    if (part === undefined || state === 'deleted') continue;
    const asked = parts[part];
    if (asked?.id === undefined)
      parts = { ...parts, [part]: { askedAt: asked?.askedAt ?? record.createdAt, id } };
  }
  return parts === record.parts ? record : { ...record, parts };
}

export interface PlanFacts {
  readonly observed: readonly ObservedResource[];
  readonly now: Date;
  readonly settings: Settings;
}

export interface BuildPlan {
  /** Everything that can be done now; independent of each other. */
  readonly calls: readonly NetworkCall[];
  readonly complete: boolean;
  readonly waitingFor: string;
}

/** What is to be done next to complete a network. */
export function planBuild(record: NetworkRecord, { observed, now, settings }: PlanFacts): BuildPlan {
  const natIsAvailable = observed.some(({ kind, state }) => kind === 'natGateway' && state === 'available');
  const creates = possibleCreates(record);
  const links = possibleLinks(record, natIsAvailable);
  const asked = creates.filter(({ part }) => isUncertain(record, part, { now, settings }));
  const calls = [
    ...creates.filter(call => !asked.includes(call)),
    ...links.filter(call => !record.done.includes(callKey(call))),
  ];
  const hasAllParts = creates.length === 0;
  return {
    calls,
    complete: hasAllParts && natIsAvailable && calls.length === 0,
    waitingFor:
      asked.length > 0 ? `an answer about ${asked.map(({ part }) => part).join(', ')}` : 'the NAT gateway',
  };
}

/** Asked for, not answered, and too short ago for EC2 to show for sure whether it was made. */
function isUncertain(
  record: NetworkRecord,
  part: NetworkPart,
  { now, settings }: Omit<PlanFacts, 'observed'>,
): boolean {
  const askedAt = record.parts[part]?.askedAt;
  if (askedAt === undefined || REPEATABLE.includes(part)) return false;
  return now.getTime() - new Date(askedAt).getTime() < settings.networkSettleSeconds * 1000;
}

/** Creations of parts that have no id yet and whose own parts are there. */
function possibleCreates(record: NetworkRecord): CreateCall[] {
  const id = (part: NetworkPart): string | undefined => record.parts[part]?.id;
  const calls: CreateCall[] = [
    { call: 'AllocateAddress', part: 'address' },
    { call: 'CreateInternetGateway', part: 'internetGateway' },
    { call: 'CreateVpc', part: 'vpc', cidr: VPC_CIDR },
  ];
  const vpcId = id('vpc');
  if (vpcId !== undefined) {
    const subnet = (part: keyof typeof SUBNET_CIDRS, zone: number): CreateCall => ({
      call: 'CreateSubnet',
      part,
      vpcId,
      cidr: SUBNET_CIDRS[part],
      zone,
    });
    calls.push(
      subnet('publicSubnet', 0),
      subnet('privateSubnetA', 0),
      subnet('privateSubnetB', 1),
      { call: 'CreateRouteTable', part: 'publicRouteTable', vpcId },
      { call: 'CreateRouteTable', part: 'privateRouteTable', vpcId },
      { call: 'CreateSecurityGroup', part: 'securityGroup', vpcId },
    );
    const routeTableId = id('privateRouteTable');
    if (routeTableId !== undefined)
      calls.push({ call: 'CreateVpcEndpoint', part: 's3Endpoint', vpcId, routeTableId });
  }
  const [subnetId, allocationId] = [id('publicSubnet'), id('address')];
  // A NAT gateway fails in a VPC that has no internet gateway.
  const hasWayOut = record.done.some(key => key.startsWith('AttachInternetGateway '));
  if (subnetId !== undefined && allocationId !== undefined && hasWayOut)
    calls.push({ call: 'CreateNatGateway', part: 'natGateway', subnetId, allocationId });
  return calls.filter(({ part }) => id(part) === undefined);
}

function possibleLinks(record: NetworkRecord, natIsAvailable: boolean): LinkCall[] {
  const id = (part: NetworkPart): string | undefined => record.parts[part]?.id;
  const calls: LinkCall[] = [];
  const associate = (table: NetworkPart, subnet: NetworkPart): void => {
    const [routeTableId, subnetId] = [id(table), id(subnet)];
    if (routeTableId !== undefined && subnetId !== undefined)
      calls.push({ call: 'AssociateRouteTable', routeTableId, subnetId });
  };
  const [vpcId, internetGatewayId, groupId] = [id('vpc'), id('internetGateway'), id('securityGroup')];
  const [publicTable, privateTable, natGatewayId] = [
    id('publicRouteTable'),
    id('privateRouteTable'),
    id('natGateway'),
  ];
  if (vpcId !== undefined && internetGatewayId !== undefined) {
    const attach: LinkCall = { call: 'AttachInternetGateway', internetGatewayId, vpcId };
    calls.push(attach);
    if (publicTable !== undefined && record.done.includes(callKey(attach)))
      calls.push({ call: 'CreateRoute', routeTableId: publicTable, via: { gatewayId: internetGatewayId } });
  }
  associate('publicRouteTable', 'publicSubnet');
  associate('privateRouteTable', 'privateSubnetA');
  associate('privateRouteTable', 'privateSubnetB');
  if (groupId !== undefined)
    calls.push(
      { call: 'RevokeSecurityGroupEgress', groupId },
      { call: 'AuthorizeSecurityGroupEgress', groupId },
    );
  if (privateTable !== undefined && natGatewayId !== undefined && natIsAvailable)
    calls.push({ call: 'CreateRoute', routeTableId: privateTable, via: { natGatewayId } });
  return calls;
}
