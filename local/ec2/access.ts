import type { AccessRequest } from '../types';
import { parse, taggedSchema } from './operation';
import type { Kind } from './resources';
import type { World } from './world';

/** What IAM is asked of a call: the kind it makes, and the resources that it names, by their parameters. */
interface Demand {
  readonly creates?: Kind;
  readonly uses?: Readonly<Record<string, Kind>>;
}

/** By EC2's service authorization reference. An operation that is not here knows no resources. */
const DEMANDS: ReadonlyMap<string, Demand> = new Map<string, Demand>([
  ['AllocateAddress', { creates: 'elastic-ip' }],
  ['CreateInternetGateway', { creates: 'internet-gateway' }],
  ['CreateVpc', { creates: 'vpc' }],
  ['CreateSubnet', { creates: 'subnet', uses: { VpcId: 'vpc' } }],
  ['CreateRouteTable', { creates: 'route-table', uses: { VpcId: 'vpc' } }],
  ['CreateSecurityGroup', { creates: 'security-group', uses: { VpcId: 'vpc' } }],
  ['CreateNatGateway', { creates: 'natgateway', uses: { SubnetId: 'subnet', AllocationId: 'elastic-ip' } }],
  ['CreateVpcEndpoint', { creates: 'vpc-endpoint', uses: { VpcId: 'vpc', RouteTableIds: 'route-table' } }],
  ['AttachInternetGateway', { uses: { InternetGatewayId: 'internet-gateway', VpcId: 'vpc' } }],
  ['DetachInternetGateway', { uses: { InternetGatewayId: 'internet-gateway', VpcId: 'vpc' } }],
  ['AssociateRouteTable', { uses: { RouteTableId: 'route-table', SubnetId: 'subnet' } }],
  ['DisassociateRouteTable', { uses: { RouteTableId: 'route-table' } }],
  ['CreateRoute', { uses: { RouteTableId: 'route-table' } }],
  ['AuthorizeSecurityGroupEgress', { uses: { GroupId: 'security-group' } }],
  ['RevokeSecurityGroupEgress', { uses: { GroupId: 'security-group' } }],
  ['DeleteVpc', { uses: { VpcId: 'vpc' } }],
  ['DeleteSubnet', { uses: { SubnetId: 'subnet' } }],
  ['DeleteInternetGateway', { uses: { InternetGatewayId: 'internet-gateway' } }],
  ['DeleteRouteTable', { uses: { RouteTableId: 'route-table' } }],
  ['DeleteSecurityGroup', { uses: { GroupId: 'security-group' } }],
  ['ReleaseAddress', { uses: { AllocationId: 'elastic-ip' } }],
  ['DeleteNatGateway', { uses: { NatGatewayId: 'natgateway' } }],
  ['DeleteVpcEndpoints', { uses: { VpcEndpointIds: 'vpc-endpoint' } }],
]);

/** The table of an association, which alone is named by a call. */
function namedBy(world: World, input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { AssociationId } = input;
  const table = world
    .existing('route-table')
    .find(({ details }) =>
      details.Associations.some(({ RouteTableAssociationId }) => RouteTableAssociationId === AssociationId),
    );
  return table === undefined ? input : { ...input, RouteTableId: table.id };
}

export type Question = Omit<AccessRequest, 'principal'>;

/** All that the policies must allow for a call; the call is refused if they do not allow one of these. */
export function questionsOf(
  world: World,
  { name, input, accountId }: { name: string; input: Readonly<Record<string, unknown>>; accountId: string },
): Question[] {
  const { region } = world.options;
  const action = `ec2:${name}`;
  const common = { 'aws:RequestedRegion': region };
  const demand = DEMANDS.get(name);
  if (demand === undefined) return [{ action, resource: '*', context: common }];
  const arn = (kind: Kind, id: string): string => `arn:aws:ec2:${region}:${accountId}:${kind}/${id}`;
  const named = namedBy(world, input);
  const used = Object.entries(demand.uses ?? {}).flatMap(([parameter, kind]) =>
    [named[parameter]].flat().flatMap(id => {
      if (typeof id !== 'string') return [];
      const tags = world.existing(kind).find(one => one.id === id)?.tags ?? [];
      return [{ action, resource: arn(kind, id), context: { ...common, ...asContext('ResourceTag', tags) } }];
    }),
  );
  if (demand.creates === undefined) return used;
  const tags = parse(taggedSchema, input).TagSpecifications.flatMap(({ Tags }) => Tags);
  const resource = arn(demand.creates, '*');
  const context = { ...common, ...asContext('RequestTag', tags) };
  const tagging: Question = {
    action: 'ec2:CreateTags',
    resource,
    context: { ...context, 'ec2:CreateAction': name },
  };
  return [...used, { action, resource, context }, ...(tags.length === 0 ? [] : [tagging])];
}

function asContext(
  kind: 'ResourceTag' | 'RequestTag',
  tags: readonly { Key: string; Value: string }[],
): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [`aws:${kind}/${Key}`, Value]));
}
