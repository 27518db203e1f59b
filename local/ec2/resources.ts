/** What EC2 keeps of the parts of networks. Names within are EC2's own. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export interface Permission {
  readonly IpProtocol: string;
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly IpRanges: readonly { readonly CidrIp: string }[];
}

interface Details {
  readonly vpc: { readonly CidrBlock: string };
  readonly subnet: {
    readonly VpcId: string;
    readonly CidrBlock: string;
    readonly AvailabilityZone: string;
  };
  readonly 'internet-gateway': { readonly VpcId?: string };
  readonly 'route-table': {
    readonly VpcId: string;
    readonly Associations: readonly { readonly RouteTableAssociationId: string; readonly SubnetId: string }[];
    readonly Routes: readonly {
      readonly DestinationCidrBlock: string;
      readonly GatewayId?: string;
      readonly NatGatewayId?: string;
    }[];
  };
  readonly 'security-group': {
    readonly VpcId: string;
    readonly GroupName: string;
    readonly Description: string;
    readonly IpPermissionsEgress: readonly Permission[];
  };
  readonly natgateway: {
    readonly VpcId: string;
    readonly SubnetId: string;
    readonly AllocationId: string;
    readonly FailureCode?: string;
    readonly FailureMessage?: string;
  };
  readonly 'elastic-ip': { readonly PublicIp: string };
  readonly 'vpc-endpoint': {
    readonly VpcId: string;
    readonly ServiceName: string;
    readonly RouteTableIds: readonly string[];
  };
}

/** Resource types as tags and ARNs spell them. */
export type Kind = keyof Details;

export interface Stored<K extends Kind = Kind> {
  readonly kind: K;
  readonly id: string;
  readonly tags: readonly Tag[];
  readonly details: Details[K];
  readonly clientToken?: string;
  /** Milliseconds since 1970, as all times here. */
  readonly createdAt: number;
  /** From then on, calls know it. */
  readonly usableAt: number;
  /** From then on, descriptions show it. */
  readonly shownAt: number;
  readonly deletedAt?: number;
  /** Until then, descriptions show it though it is gone. */
  readonly shownUntil?: number;
}

/** How each kind is named in ids, and in the error for an id that is not known. */
export const KINDS: Readonly<Record<Kind, { prefix: string; notFound: string }>> = {
  vpc: { prefix: 'vpc', notFound: 'InvalidVpcID.NotFound' },
  subnet: { prefix: 'subnet', notFound: 'InvalidSubnetID.NotFound' },
  'internet-gateway': { prefix: 'igw', notFound: 'InvalidInternetGatewayID.NotFound' },
  'route-table': { prefix: 'rtb', notFound: 'InvalidRouteTableID.NotFound' },
  'security-group': { prefix: 'sg', notFound: 'InvalidGroup.NotFound' },
  natgateway: { prefix: 'nat', notFound: 'NatGatewayNotFound' },
  'elastic-ip': { prefix: 'eipalloc', notFound: 'InvalidAllocationID.NotFound' },
  'vpc-endpoint': { prefix: 'vpce', notFound: 'InvalidVpcEndpointId.NotFound' },
};
