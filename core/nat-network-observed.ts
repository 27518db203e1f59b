import type { NetworkPart } from './nat-network-record';

export type ResourceKind =
  | 'address'
  | 'internetGateway'
  | 'vpc'
  | 'subnet'
  | 'routeTable'
  | 'securityGroup'
  | 'natGateway'
  | 'endpoint';

/** A resource with a network's tag, as EC2 describes it. What was made or removed seconds ago may not show yet. */
export interface ObservedResource {
  readonly kind: ResourceKind;
  readonly id: string;
  readonly networkId: string;
  /** Undefined when the tag says nothing that is known. */
  readonly part?: NetworkPart;
  readonly expiresAt?: Date;
  /** Of a NAT gateway or an endpoint. */
  readonly state?: 'pending' | 'available' | 'deleting' | 'deleted' | 'failed';
  /** Why a NAT gateway failed. */
  readonly failure?: { readonly code: string; readonly message: string };
  /** VPC that an internet gateway is attached to. */
  readonly attachedTo?: string;
  /** Ids of the associations of a route table with subnets. */
  readonly associations?: readonly string[];
}

export function kindOfPart(part: NetworkPart): ResourceKind {
  switch (part) {
    case 'publicSubnet':
    case 'privateSubnetA':
    case 'privateSubnetB':
      return 'subnet';
    case 'publicRouteTable':
    case 'privateRouteTable':
      return 'routeTable';
    case 's3Endpoint':
      return 'endpoint';
    default:
      return part;
  }
}
