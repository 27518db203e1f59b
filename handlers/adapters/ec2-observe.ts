import type { Filter, NatGatewayState, Tag } from '@aws-sdk/client-ec2';
import {
  DescribeAddressesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import type { ObservedResource, ResourceKind } from '../../core/nat-network-observed';
import type { NetworkPart } from '../../core/nat-network-record';
import { NETWORK_PARTS } from '../../core/nat-network-record';
import { DEPLOYMENT_TAG, EXPIRY_TAG, NETWORK_TAG, PART_TAG } from '../../core/task-tags';
import type { Ec2NetworksOptions } from './ec2-networks';

/** All resources of one network, or of all networks of the deployment, by their tags. */
export async function observeNetworks(
  { ec2, deployment }: Ec2NetworksOptions,
  networkId: string | undefined,
): Promise<ObservedResource[]> {
  const Filters: Filter[] = [
    { Name: `tag:${DEPLOYMENT_TAG}`, Values: [deployment] },
    ...(networkId === undefined ? [] : [{ Name: `tag:${NETWORK_TAG}`, Values: [networkId] }]),
  ];
  const [addresses, gateways, vpcs, subnets, tables, groups, nats, endpoints] = await Promise.all([
    ec2.send(new DescribeAddressesCommand({ Filters })),
    ec2.send(new DescribeInternetGatewaysCommand({ Filters })),
    ec2.send(new DescribeVpcsCommand({ Filters })),
    ec2.send(new DescribeSubnetsCommand({ Filters })),
    ec2.send(new DescribeRouteTablesCommand({ Filters })),
    ec2.send(new DescribeSecurityGroupsCommand({ Filters })),
    // This one spells it in the singular.
    ec2.send(new DescribeNatGatewaysCommand({ Filter: Filters })),
    ec2.send(new DescribeVpcEndpointsCommand({ Filters })),
  ]);
  const found: (ObservedResource | undefined)[] = [
    ...(addresses.Addresses ?? []).map(({ AllocationId, Tags }) => resource('address', AllocationId, Tags)),
    ...(gateways.InternetGateways ?? []).map(({ InternetGatewayId, Tags, Attachments }) => {
      const attachedTo = Attachments?.[0]?.VpcId;
      const gateway = resource('internetGateway', InternetGatewayId, Tags);
      return gateway && { ...gateway, ...(attachedTo === undefined ? {} : { attachedTo }) };
    }),
    ...(vpcs.Vpcs ?? []).map(({ VpcId, Tags }) => resource('vpc', VpcId, Tags)),
    ...(subnets.Subnets ?? []).map(({ SubnetId, Tags }) => resource('subnet', SubnetId, Tags)),
    ...(tables.RouteTables ?? []).map(({ RouteTableId, Tags, Associations = [] }) => {
      const associations = Associations.flatMap(({ RouteTableAssociationId: id }) => id ?? []);
      const table = resource('routeTable', RouteTableId, Tags);
      return table && { ...table, associations };
    }),
    ...(groups.SecurityGroups ?? []).map(({ GroupId, Tags }) => resource('securityGroup', GroupId, Tags)),
    ...(nats.NatGateways ?? []).map(({ NatGatewayId, Tags, State, FailureCode, FailureMessage }) => {
      const gateway = resource('natGateway', NatGatewayId, Tags);
      return gateway && { ...gateway, ...natState(State), ...natFailure(FailureCode, FailureMessage) };
    }),
    ...(endpoints.VpcEndpoints ?? []).map(({ VpcEndpointId, Tags, State }) => {
      const endpoint = resource('endpoint', VpcEndpointId, Tags);
      return endpoint && { ...endpoint, ...endpointState(State) };
    }),
  ];
  return found.filter(one => one !== undefined);
}

function resource(
  kind: ResourceKind,
  id: string | undefined,
  tags: readonly Tag[] = [],
): ObservedResource | undefined {
  const tag = (name: string): string | undefined => tags.find(({ Key }) => Key === name)?.Value;
  const networkId = tag(NETWORK_TAG);
  if (id === undefined || networkId === undefined) return undefined;
  const [part, expiry] = [tag(PART_TAG), tag(EXPIRY_TAG)];
  return {
    kind,
    id,
    networkId,
    ...(isPart(part) ? { part } : {}),
    ...(expiry === undefined || Number.isNaN(Date.parse(expiry)) ? {} : { expiresAt: new Date(expiry) }),
  };
}

function isPart(text: string | undefined): text is NetworkPart {
  return (NETWORK_PARTS as readonly (string | undefined)[]).includes(text);
}

function natState(state: NatGatewayState | undefined): Pick<ObservedResource, 'state'> {
  return state === undefined ? {} : { state };
}

function natFailure(
  code: string | undefined,
  message: string | undefined,
): Pick<ObservedResource, 'failure'> {
  return code === undefined ? {} : { failure: { code, message: message ?? 'The NAT gateway failed.' } };
}

/** The API's own words are in capitals in its documentation and in lower case in its answers. */
function endpointState(state: string | undefined): Pick<ObservedResource, 'state'> {
  const known = ['pending', 'available', 'deleting', 'deleted'] as const;
  const found = known.find(word => word === state?.toLowerCase());
  return found === undefined ? {} : { state: found };
}
