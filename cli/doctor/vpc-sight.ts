import type { EC2Client, Filter, IpPermission, Route, RouteTable } from '@aws-sdk/client-ec2';
import {
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeVpcEndpoints,
} from '@aws-sdk/client-ec2';

/** A VPC as far as it decides whether tasks get out of it. */
export interface VpcSight {
  readonly subnets: readonly SubnetSight[];
  readonly endpoints: readonly EndpointSight[];
  readonly groups: readonly GroupSight[];
}

export interface SubnetSight {
  readonly subnetId: string;
  readonly cidr: string;
  readonly routeTableId: string | undefined;
  /** Where its default route leads, such as nat-…; undefined when it has none. */
  readonly defaultRoute: { readonly target: string; readonly isActive: boolean } | undefined;
}

export interface EndpointSight {
  /** The last part of its name, such as ecr.api or s3. */
  readonly service: string;
  readonly isGateway: boolean;
  readonly isAvailable: boolean;
  /** Whether AWS's usual names lead to it. */
  readonly hasPrivateDns: boolean;
  /** Of a gateway endpoint. */
  readonly routeTableIds: readonly string[];
  /** Of an interface endpoint. */
  readonly groupIds: readonly string[];
}

export interface GroupSight {
  readonly groupId: string;
  readonly stackName?: string;
  /** IPv4 networks that HTTPS comes in from, and goes out to. */
  readonly httpsFrom: readonly string[];
  readonly httpsTo: readonly string[];
  /** Whether HTTPS comes in from other groups or lists of networks. */
  readonly hasOtherSources: boolean;
}

const HTTPS = 443;
/** What follows the region in the name of an endpoint's service. */
const SERVICE_OF_REGION = /\.[a-z]{2}(?:-[a-z]+)+-\d\.(.+)$/;
const ANYWHERE = '0.0.0.0/0';

/** Reads a VPC; one that is not there has no subnets. */
export async function readVpc(ec2: EC2Client, vpcId: string): Promise<VpcSight> {
  const Filters: Filter[] = [{ Name: 'vpc-id', Values: [vpcId] }];
  const [subnets, tables, endpoints, groups] = await Promise.all([
    all(paginateDescribeSubnets({ client: ec2 }, { Filters }), page => page.Subnets),
    all(paginateDescribeRouteTables({ client: ec2 }, { Filters }), page => page.RouteTables),
    all(paginateDescribeVpcEndpoints({ client: ec2 }, { Filters }), page => page.VpcEndpoints),
    all(paginateDescribeSecurityGroups({ client: ec2 }, { Filters }), page => page.SecurityGroups),
  ]);
  return {
    subnets: subnets.map(({ SubnetId = '', CidrBlock = '' }) => {
      const table = tableOf(tables, SubnetId);
      return {
        subnetId: SubnetId,
        cidr: CidrBlock,
        routeTableId: table?.RouteTableId,
        defaultRoute: defaultRouteOf(table),
      };
    }),
    endpoints: endpoints.map(endpoint => ({
      service: SERVICE_OF_REGION.exec(endpoint.ServiceName ?? '')?.[1] ?? '',
      isGateway: endpoint.VpcEndpointType === 'Gateway',
      isAvailable: endpoint.State?.toLowerCase() === 'available',
      hasPrivateDns: endpoint.PrivateDnsEnabled === true,
      routeTableIds: endpoint.RouteTableIds ?? [],
      groupIds: (endpoint.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
    })),
    groups: groups.map(({ GroupId: groupId = '', Tags, IpPermissions = [], IpPermissionsEgress = [] }) => {
      const stackName = Tags?.find(({ Key }) => Key === 'aws:cloudformation:stack-name')?.Value;
      const [incoming, outgoing] = [IpPermissions.filter(isHttps), IpPermissionsEgress.filter(isHttps)];
      return {
        groupId,
        ...(stackName === undefined ? {} : { stackName }),
        httpsFrom: networksOf(incoming),
        httpsTo: networksOf(outgoing),
        hasOtherSources: incoming.some(
          ({ UserIdGroupPairs = [], PrefixListIds = [] }) =>
            UserIdGroupPairs.length + PrefixListIds.length > 0,
        ),
      };
    }),
  };
}

async function all<Page, Item>(
  pages: AsyncIterable<Page>,
  items: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const found: Item[] = [];
  for await (const page of pages) found.push(...(items(page) ?? []));
  return found;
}

/** The table that a subnet is associated with, else the VPC's main one. */
function tableOf(tables: readonly RouteTable[], subnetId: string): RouteTable | undefined {
  const withAssociation = (fits: (association: { SubnetId?: string; Main?: boolean }) => boolean) =>
    tables.find(({ Associations = [] }) => Associations.some(fits));
  return (
    withAssociation(({ SubnetId }) => SubnetId === subnetId) ?? withAssociation(({ Main }) => Main === true)
  );
}

function defaultRouteOf(table: RouteTable | undefined): SubnetSight['defaultRoute'] {
  const route = table?.Routes?.find(({ DestinationCidrBlock }) => DestinationCidrBlock === ANYWHERE);
  const target = route && targetOf(route);
  return target === undefined ? undefined : { target, isActive: route?.State !== 'blackhole' };
}

function targetOf(route: Route): string | undefined {
  // Of a firewall's endpoint it is the gateway, of an appliance the interface.
  return (
    route.NatGatewayId ??
    route.TransitGatewayId ??
    route.GatewayId ??
    route.NetworkInterfaceId ??
    route.InstanceId ??
    route.VpcPeeringConnectionId
  );
}

function isHttps({ IpProtocol, FromPort = 0, ToPort = 65_535 }: IpPermission): boolean {
  return IpProtocol === '-1' || (IpProtocol === 'tcp' && FromPort <= HTTPS && ToPort >= HTTPS);
}

function networksOf(permissions: readonly IpPermission[]): string[] {
  return permissions.flatMap(({ IpRanges = [] }) => IpRanges.flatMap(({ CidrIp }) => CidrIp ?? []));
}
