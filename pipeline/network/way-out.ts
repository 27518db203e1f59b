import { Stack } from 'aws-cdk-lib';
import type { ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import { CfnRoute, CfnVPCEndpoint, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { ENDPOINT_SERVICES } from '../../core/network-mode';
import type { WayOut } from './network-config';

interface Place {
  readonly vpc: IVpc;
  readonly subnets: readonly ISubnet[];
  readonly wayOut: WayOut;
}

/** The way out that all of the subnets have by their kind; undefined when they differ or are of no known kind. */
export function wayOutOf(vpc: IVpc, subnets: readonly ISubnet[]): WayOut | undefined {
  const kinds = new Set(
    subnets.map((subnet): WayOut | undefined => {
      if (isAmong(vpc.publicSubnets, subnet)) return 'internetGateway';
      if (isAmong(vpc.privateSubnets, subnet)) return 'nat';
      return isAmong(vpc.isolatedSubnets, subnet) ? 'endpoints' : undefined;
    }),
  );
  return kinds.size === 1 ? [...kinds][0] : undefined;
}

/**
 * What the subnets lack for tasks to get out, each with its fix. Only of what the app itself defines: of an imported
 * VPC neither routes nor endpoints are known.
 */
export function missingWayOut({ vpc, subnets, wayOut }: Place): string[] {
  if (!(vpc instanceof Vpc)) return [];
  if (wayOut === 'endpoints') return missingEndpoints(vpc);
  return subnets
    .filter(subnet => subnet instanceof Subnet && !hasDefaultRoute(subnet))
    .map(
      ({ node }) =>
        `Tasks in ${node.path} cannot reach AWS: it has no route out. Give the VPC a NAT gateway, choose its public ` +
        `subnets, or give it interface endpoints for ${ENDPOINT_SERVICES.join(', ')} and the gateway endpoint of S3, with wayOut 'endpoints'.`,
    );
}

function missingEndpoints(vpc: Vpc): string[] {
  const { node, vpcId } = vpc;
  const found = resourcesIn(node.root, CfnVPCEndpoint)
    .filter(endpoint => isSame(vpc, endpoint.vpcId, vpcId))
    .map(endpoint => JSON.stringify(Stack.of(vpc).resolve(endpoint.serviceName)));
  const missing = [...ENDPOINT_SERVICES, 's3'].filter(
    service => !found.some(name => name.includes(`.${service}"`)),
  );
  if (missing.length === 0) return [];
  return [
    `Tasks in ${node.path} cannot reach AWS: the VPC has no endpoint for ${missing.join(', ')}. Add them by ` +
      'vpc.addInterfaceEndpoint and, for s3, vpc.addGatewayEndpoint, or choose subnets with a route out.',
  ];
}

function hasDefaultRoute(subnet: ISubnet): boolean {
  return resourcesIn(subnet, CfnRoute).some(
    ({ destinationCidrBlock, destinationPrefixListId }) =>
      destinationCidrBlock === '0.0.0.0/0' || destinationPrefixListId !== undefined,
  );
}

function resourcesIn<Resource extends IConstruct>(
  scope: IConstruct,
  type: abstract new (...args: never[]) => Resource,
): Resource[] {
  return scope.node.findAll().filter((child): child is Resource => child instanceof type);
}

function isSame(scope: IConstruct, a: unknown, b: unknown): boolean {
  const stack = Stack.of(scope);
  return JSON.stringify(stack.resolve(a)) === JSON.stringify(stack.resolve(b));
}

function isAmong(subnets: readonly ISubnet[], subnet: ISubnet): boolean {
  return subnets.some(other => other === subnet);
}
