import { z } from 'zod';
import { ENDPOINT_SERVICES } from '../../core/network-mode';
import type { TaskPlace } from '../ecs/types';
import type { Resources } from './resources';
import { text, truth, wholeNumber } from './scalars';

/** Answers why a task could not reach AWS from there; undefined when it can. */
export type WhyUnreachable = (place: TaskPlace) => string | undefined;

const ANYWHERE = '0.0.0.0/0';
const HTTPS = 443;

const routeSchema = z.object({
  RouteTableId: text,
  DestinationCidrBlock: text.optional(),
  GatewayId: text.optional(),
});
const associationSchema = z.object({ SubnetId: text, RouteTableId: text });
const subnetSchema = z.object({ VpcId: text });
const ruleSchema = z.object({
  IpProtocol: text,
  FromPort: wholeNumber.optional(),
  ToPort: wholeNumber.optional(),
  CidrIp: text.optional(),
  SourceSecurityGroupId: text.optional(),
});
const groupSchema = z.object({
  SecurityGroupIngress: z.array(ruleSchema).default([]),
  SecurityGroupEgress: z.array(ruleSchema).default([]),
});
const ingressSchema = ruleSchema.extend({ GroupId: text });
const endpointSchema = z.object({
  VpcId: text,
  ServiceName: text,
  VpcEndpointType: text.default('Gateway'),
  PrivateDnsEnabled: truth.default(false),
  SecurityGroupIds: z.array(text).default([]),
  RouteTableIds: z.array(text).default([]),
});

type Rule = z.infer<typeof ruleSchema>;
type Endpoint = z.infer<typeof endpointSchema>;

interface Networks {
  readonly vpcOfSubnet: ReadonlyMap<string, string>;
  readonly routeTableOfSubnet: ReadonlyMap<string, string>;
  readonly routes: readonly z.infer<typeof routeSchema>[];
  readonly egress: ReadonlyMap<string, readonly Rule[]>;
  readonly ingress: ReadonlyMap<string, readonly Rule[]>;
  readonly endpoints: readonly Endpoint[];
}

/**
 * What the template's subnets, routes, endpoints and security groups come to for a task. The processes that stand for
 * tasks share this machine's network; this is what keeps a deployment that could pull no image from working here.
 * Subnets that the template does not define are taken to be in order.
 */
export function readNetworks(resources: Resources): WhyUnreachable {
  const networks = read(resources);
  return place => {
    const vpcId = networks.vpcOfSubnet.get(place.subnetId);
    if (vpcId === undefined) return undefined;
    if (!mayLeave(networks, place))
      return `no security group of the task lets HTTPS out (${place.securityGroupIds.join(', ')})`;
    const routeTableId = networks.routeTableOfSubnet.get(place.subnetId);
    const route = networks.routes.find(
      other => other.RouteTableId === routeTableId && other.DestinationCidrBlock === ANYWHERE,
    );
    if (route === undefined) return missingEndpoints(networks, { ...place, vpcId, routeTableId });
    if (route.GatewayId === undefined || place.publicAddress) return undefined;
    return `the subnet ${place.subnetId} leads to an internet gateway and the task has no public address`;
  };
}

function read(resources: Resources): Networks {
  const all = <Shape extends z.ZodRawShape>(
    type: string,
    schema: z.ZodObject<Shape>,
  ): (z.infer<z.ZodObject<Shape>> & { id: string })[] =>
    resources
      .ofType(`AWS::EC2::${type}`)
      .map(resource => ({ ...resource.properties(schema), id: resource.ref }));
  const groups = all('SecurityGroup', groupSchema);
  const apart = all('SecurityGroupIngress', ingressSchema);
  return {
    vpcOfSubnet: new Map(all('Subnet', subnetSchema).map(({ id, VpcId }) => [id, VpcId])),
    routeTableOfSubnet: new Map(
      all('SubnetRouteTableAssociation', associationSchema).map(one => [one.SubnetId, one.RouteTableId]),
    ),
    routes: all('Route', routeSchema),
    egress: new Map(groups.map(({ id, SecurityGroupEgress }) => [id, SecurityGroupEgress])),
    ingress: new Map(
      groups.map(({ id, SecurityGroupIngress }) => [
        id,
        [...SecurityGroupIngress, ...apart.filter(({ GroupId }) => GroupId === id)],
      ]),
    ),
    endpoints: all('VPCEndpoint', endpointSchema),
  };
}

function mayLeave({ egress }: Networks, { securityGroupIds }: TaskPlace): boolean {
  // A group that is not of the template is taken to be in order.
  return securityGroupIds.some(id => egress.get(id)?.some(allowsHttps) ?? true);
}

function missingEndpoints(
  { endpoints, ingress }: Networks,
  place: TaskPlace & { vpcId: string; routeTableId: string | undefined },
): string | undefined {
  const here = endpoints.filter(({ VpcId }) => VpcId === place.vpcId);
  const isOpen = (endpoint: Endpoint): boolean =>
    endpoint.VpcEndpointType === 'Interface'
      ? endpoint.PrivateDnsEnabled &&
        endpoint.SecurityGroupIds.some(id =>
          ingress
            .get(id)
            ?.some(
              rule =>
                allowsHttps(rule) &&
                (rule.CidrIp !== undefined ||
                  place.securityGroupIds.includes(rule.SourceSecurityGroupId ?? '')),
            ),
        )
      : endpoint.RouteTableIds.includes(place.routeTableId ?? '');
  const missing = [...ENDPOINT_SERVICES, 's3'].filter(
    service => !here.some(endpoint => endpoint.ServiceName.endsWith(`.${service}`) && isOpen(endpoint)),
  );
  return missing.length === 0
    ? undefined
    : `the subnet ${place.subnetId} has no route out, and no endpoint that the task may use for ${missing.join(', ')}`;
}

function allowsHttps({ IpProtocol, FromPort = 0, ToPort = 65_535 }: Rule): boolean {
  return IpProtocol === '-1' || (IpProtocol === 'tcp' && FromPort <= HTTPS && ToPort >= HTTPS);
}
