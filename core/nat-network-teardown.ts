import type { PlanFacts } from './nat-network-build';
import type { NetworkCall, RemoveCall } from './nat-network-calls';
import { callKey } from './nat-network-calls';
import type { ObservedResource, ResourceKind } from './nat-network-observed';
import { kindOfPart } from './nat-network-observed';
import type { NetworkPart, NetworkRecord } from './nat-network-record';
import { NETWORK_PARTS } from './nat-network-record';

export interface TeardownPlan {
  readonly calls: readonly NetworkCall[];
  /** Nothing is left, and nothing can turn up any more. */
  readonly complete: boolean;
  readonly waitingFor: string;
}

const REMOVAL: Readonly<
  Record<ResourceKind, Exclude<RemoveCall['call'], 'DetachInternetGateway' | 'DisassociateRouteTable'>>
> = {
  address: 'ReleaseAddress',
  internetGateway: 'DeleteInternetGateway',
  vpc: 'DeleteVpc',
  subnet: 'DeleteSubnet',
  routeTable: 'DeleteRouteTable',
  securityGroup: 'DeleteSecurityGroup',
  natGateway: 'DeleteNatGateway',
  endpoint: 'DeleteVpcEndpoints',
};

/** What can be removed next: NAT gateway and endpoint first, then what they held, the VPC last. */
export function planTeardown(record: NetworkRecord, { observed, now, settings }: PlanFacts): TeardownPlan {
  const mayTurnUp = now.getTime() - lastAskedAt(record) < settings.networkSettleSeconds * 1000;
  const left = [
    ...observed.filter(({ state }) => state !== 'deleted'),
    ...(mayTurnUp ? recordedOnly(record, observed) : []),
  ].filter(resource => !isRemoved(record, resource));
  const calls = left
    .filter(({ state }) => state !== 'deleting')
    .flatMap(resource => stepsTo(record, resource, left))
    .filter(call => !record.done.includes(callKey(call)));
  return {
    calls,
    complete: left.length === 0 && !mayTurnUp,
    waitingFor:
      left.length === 0
        ? 'EC2 to show whatever was made last'
        : `the removal of ${left.map(({ id }) => id).join(', ')}`,
  };
}

function lastAskedAt(record: NetworkRecord): number {
  const times = Object.values(record.parts).map(({ askedAt }) => new Date(askedAt).getTime());
  return Math.max(new Date(record.createdAt).getTime(), ...times);
}

/** Made a moment ago: EC2 knows it, but may not show it. */
function recordedOnly(record: NetworkRecord, observed: readonly ObservedResource[]): ObservedResource[] {
  return NETWORK_PARTS.flatMap(part => {
    const id = record.parts[part]?.id;
    if (id === undefined || observed.some(other => other.id === id)) return [];
    return [{ kind: kindOfPart(part), id, part, networkId: record.networkId }];
  });
}

/** A NAT gateway is gone only when EC2 says so: its address and its interface are held until then. */
function isRemoved(record: NetworkRecord, { kind, id }: ObservedResource): boolean {
  return kind !== 'natGateway' && record.done.includes(`${REMOVAL[kind]} ${id}`);
}

/** Whether something that must go first is still there. */
function isBlocked(resource: ObservedResource, left: readonly ObservedResource[]): boolean {
  const has = (...kinds: ResourceKind[]): boolean => left.some(({ kind }) => kinds.includes(kind));
  switch (resource.kind) {
    case 'natGateway':
    case 'endpoint':
    case 'securityGroup':
      return false;
    case 'subnet':
      return !isPrivate(resource.part) && has('natGateway');
    case 'address':
    case 'internetGateway':
      return has('natGateway');
    case 'routeTable':
      // A table that is used cannot be deleted.
      return has('subnet', 'endpoint');
    case 'vpc':
      return left.some(({ kind }) => kind !== 'vpc' && kind !== 'address');
  }
}

function isPrivate(part: NetworkPart | undefined): boolean {
  return part === 'privateSubnetA' || part === 'privateSubnetB';
}

/** What can be done to remove a resource: first it is taken off what it is attached to. */
function stepsTo(
  record: NetworkRecord,
  resource: ObservedResource,
  left: readonly ObservedResource[],
): RemoveCall[] {
  const { kind, id, associations = [] } = resource;
  const isOpen = (call: RemoveCall): boolean => !record.done.includes(callKey(call));
  const disassociate = associations
    .map(association => ({ call: 'DisassociateRouteTable', id: association }) as const)
    .filter(isOpen);
  if (isBlocked(resource, left)) return [];
  // An association ends with its subnet; one that does not is ended before the table.
  if (disassociate.length > 0) return disassociate;
  if (kind === 'internetGateway') {
    const vpcId = resource.attachedTo ?? attachmentOf(record, id);
    const detach = { call: 'DetachInternetGateway', id, vpcId: vpcId ?? '' } as const;
    if (vpcId !== undefined && isOpen(detach)) return [detach];
  }
  return [{ call: REMOVAL[kind], id }];
}

/** VPC that we have attached an internet gateway to, whether or not EC2 shows it already. */
function attachmentOf(record: NetworkRecord, id: string): string | undefined {
  const key = record.done.find(done => done.startsWith(`AttachInternetGateway ${id} `));
  return key?.split(' ')[2];
}
