import type { NetworkPart, NetworkRecord } from './nat-network-record';

/** The EC2 calls that make and remove a network, by AWS's names. */
export type NetworkCall = CreateCall | LinkCall | RemoveCall;

/** Calls that make a part, tagged at its creation. */
export type CreateCall =
  | { readonly call: 'AllocateAddress'; readonly part: 'address' }
  | { readonly call: 'CreateInternetGateway'; readonly part: 'internetGateway' }
  | { readonly call: 'CreateVpc'; readonly part: 'vpc'; readonly cidr: string }
  | {
      readonly call: 'CreateSubnet';
      readonly part: NetworkPart;
      readonly vpcId: string;
      readonly cidr: string;
      /** Which of the region's zones: 0 or 1. */
      readonly zone: number;
    }
  | { readonly call: 'CreateRouteTable'; readonly part: NetworkPart; readonly vpcId: string }
  | { readonly call: 'CreateSecurityGroup'; readonly part: 'securityGroup'; readonly vpcId: string }
  | {
      readonly call: 'CreateNatGateway';
      readonly part: 'natGateway';
      readonly subnetId: string;
      readonly allocationId: string;
    }
  | {
      readonly call: 'CreateVpcEndpoint';
      readonly part: 's3Endpoint';
      readonly vpcId: string;
      readonly routeTableId: string;
    };

/** Calls that put parts together. Each may be repeated: EC2 then says that it is so already. */
export type LinkCall =
  | { readonly call: 'AttachInternetGateway'; readonly internetGatewayId: string; readonly vpcId: string }
  | { readonly call: 'AssociateRouteTable'; readonly routeTableId: string; readonly subnetId: string }
  | {
      readonly call: 'CreateRoute';
      readonly routeTableId: string;
      readonly via: { readonly gatewayId: string } | { readonly natGatewayId: string };
    }
  | { readonly call: 'RevokeSecurityGroupEgress'; readonly groupId: string }
  | { readonly call: 'AuthorizeSecurityGroupEgress'; readonly groupId: string };

export type RemoveCall =
  | {
      readonly call:
        | 'DeleteNatGateway'
        | 'DeleteVpcEndpoints'
        | 'ReleaseAddress'
        | 'DeleteInternetGateway'
        | 'DeleteSubnet'
        | 'DeleteRouteTable'
        | 'DeleteSecurityGroup'
        | 'DeleteVpc';
      readonly id: string;
    }
  | { readonly call: 'DetachInternetGateway'; readonly id: string; readonly vpcId: string }
  /** `id`: of the association. */
  | { readonly call: 'DisassociateRouteTable'; readonly id: string };

/** What came of a call that was answered. An error that says nothing of the network is thrown instead. */
export type CallResult =
  | { readonly kind: 'made'; readonly id: string }
  /** It is so now, or was already. */
  | { readonly kind: 'done' }
  /** Not yet: something is not there so far, or still in use. */
  | { readonly kind: 'later'; readonly reason: string }
  /** A quota of the account is used up. */
  | { readonly kind: 'exhausted'; readonly code: string; readonly message: string };

export interface CallOutcome {
  readonly call: NetworkCall;
  readonly result: CallResult;
}

/** Names what a call does: two calls with the same key do the same. */
export function callKey(call: NetworkCall): string {
  switch (call.call) {
    case 'AttachInternetGateway':
      return `${call.call} ${call.internetGatewayId} ${call.vpcId}`;
    case 'AssociateRouteTable':
      return `${call.call} ${call.routeTableId} ${call.subnetId}`;
    case 'CreateRoute':
      return `${call.call} ${call.routeTableId}`;
    case 'RevokeSecurityGroupEgress':
    case 'AuthorizeSecurityGroupEgress':
      return `${call.call} ${call.groupId}`;
    default:
      return 'part' in call ? `${call.call} ${call.part}` : `${call.call} ${call.id}`;
  }
}

/** The record with the parts marked that are about to be asked for: a crash after that leaves nothing unaccounted for. */
export function withIntents(record: NetworkRecord, calls: readonly NetworkCall[], now: Date): NetworkRecord {
  const parts = { ...record.parts };
  for (const call of calls) if ('part' in call) parts[call.part] = { askedAt: now.toISOString() };
  return { ...record, parts };
}

/** The record after calls were answered. Those that were not stay asked for. */
export function settleCalls(record: NetworkRecord, outcomes: readonly CallOutcome[]): NetworkRecord {
  let next = record;
  for (const { call, result } of outcomes) {
    switch (result.kind) {
      case 'made':
        if ('part' in call) next = withPart(next, call.part, result.id);
        break;
      case 'done':
        next = { ...next, done: [...new Set([...next.done, callKey(call)])] };
        break;
      case 'later':
        next = { ...withoutIntent(next, call), waitingFor: result.reason };
        break;
      case 'exhausted':
        next = {
          ...withoutIntent(next, call),
          failure: next.failure ?? { code: result.code, message: result.message },
        };
        break;
    }
  }
  return next;
}

function withPart(record: NetworkRecord, part: NetworkPart, id: string): NetworkRecord {
  const askedAt = record.parts[part]?.askedAt ?? record.updatedAt;
  return { ...record, parts: { ...record.parts, [part]: { askedAt, id } } };
}

/** EC2 refused: nothing was made, and the next may ask at once. */
function withoutIntent(record: NetworkRecord, call: NetworkCall): NetworkRecord {
  if (!('part' in call) || record.parts[call.part]?.id !== undefined) return record;
  const { [call.part]: _refused, ...parts } = record.parts;
  return { ...record, parts };
}
