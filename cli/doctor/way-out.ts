import { ENDPOINT_SERVICES } from '../../core/network-mode';
import type { NetworkConfig, WayOut } from '../../pipeline/network/network-config';
import type { AccountCheck, Finding } from './check';
import { ok } from './check';
import { STACK_NAME } from './vpc-quota';
import type { EndpointSight, SubnetSight, VpcSight } from './vpc-sight';

type ExistingVpc = Extract<NetworkConfig, { mode: 'existingVpc' }>;

export interface WayOutFacts {
  readonly network: ExistingVpc;
  readonly vpc: VpcSight;
}

/** Something that keeps tasks from reaching AWS, or makes it dear, and what helps. */
interface Trouble {
  readonly status: 'missing' | 'warning';
  readonly found: string;
  readonly fix: string;
}

/** Whether tasks get out of an existing VPC in the way that the configuration says; CDK believes it. */
export const wayOut: AccountCheck = {
  name: 'way out of the VPC',
  actions: [
    'ec2:DescribeSubnets',
    'ec2:DescribeRouteTables',
    'ec2:DescribeVpcEndpoints',
    'ec2:DescribeSecurityGroups',
  ],
  async look({ account, deployment: { config } }) {
    const { network } = config;
    if (network.mode !== 'existingVpc') return ok(`made with the network ${network.mode}`);
    return judgeWayOut({ network, vpc: await account.vpc(network.vpcId) });
  },
};

export function judgeWayOut({ network, vpc }: WayOutFacts): Finding {
  const { vpcId, subnetIds, wayOut: way } = network;
  if (vpc.subnets.length === 0)
    return {
      status: 'missing',
      found: `${vpcId} has no subnets, or is not in this account and region`,
      fix: 'Give another vpcId, or other credentials or --region.',
    };
  const strange = subnetIds?.filter(id => vpc.subnets.every(({ subnetId }) => subnetId !== id)) ?? [];
  if (strange.length > 0)
    return {
      status: 'missing',
      found: `${strange.join(', ')}: not in ${vpcId}, which has ${vpc.subnets.map(({ subnetId }) => subnetId).join(', ')}`,
      fix: 'Give subnetIds of that VPC.',
    };
  const subnets = chosen(vpc.subnets, network);
  if (subnets.length === 0)
    return {
      status: 'missing',
      found: `${vpcId} has no subnet with the way out ${way}`,
      fix: 'Use another wayOut, or add the routes.',
    };
  const [worst] = troubles({ network, vpc }, subnets).sort((a, b) => a.status.localeCompare(b.status));
  const places = subnets.length === 1 ? 'one subnet' : `${subnets.length} subnets`;
  return worst ?? ok(`${way}, from ${places} of ${vpcId}`);
}

/** The configured subnets, else those that CDK would look up: of the kind that the way out asks for. */
function chosen(subnets: readonly SubnetSight[], { subnetIds, wayOut: way }: ExistingVpc): SubnetSight[] {
  return subnets.filter(subnet =>
    subnetIds === undefined ? wayOf(subnet) === way : subnetIds.includes(subnet.subnetId),
  );
}

function wayOf({ defaultRoute }: SubnetSight): WayOut {
  if (defaultRoute === undefined) return 'endpoints';
  return defaultRoute.target.startsWith('igw-') ? 'internetGateway' : 'nat';
}

function troubles({ network, vpc }: WayOutFacts, subnets: readonly SubnetSight[]): Trouble[] {
  const perSubnet = subnets.flatMap(subnet => routeTrouble(subnet, network.wayOut));
  const ofEndpoints = network.wayOut === 'endpoints' ? endpointTroubles(vpc, subnets) : [];
  return [...perSubnet, ...ofEndpoints, ...s3Trouble(vpc, subnets, network.wayOut), ...groupTrouble(vpc)];
}

function routeTrouble(subnet: SubnetSight, way: WayOut): Trouble[] {
  const { subnetId, defaultRoute } = subnet;
  const missing = (found: string, fix: string): Trouble[] => [
    { status: 'missing', found: `${subnetId} ${found}`, fix },
  ];
  if (way === 'endpoints') return [];
  if (defaultRoute === undefined)
    return missing('has no default route', `Add one to its route table, or use wayOut endpoints.`);
  const { target, isActive } = defaultRoute;
  if (!isActive) return missing(`leads to ${target}, which is gone`, 'Replace the route.');
  if (way === 'nat' && wayOf(subnet) === 'internetGateway')
    return missing(
      `leads to ${target}: without public addresses tasks get nowhere by it`,
      'Use wayOut internetGateway, which gives each task an address, or private subnets.',
    );
  // By way of a firewall's endpoint or an appliance it may still be one.
  if (way === 'internetGateway' && /^(nat|tgw|vgw)-/.test(target))
    return missing(`leads to ${target}, which is no internet gateway`, 'Use wayOut nat, or public subnets.');
  return [];
}

function endpointTroubles({ endpoints, groups }: VpcSight, subnets: readonly SubnetSight[]): Trouble[] {
  const usable = (service: string): EndpointSight | undefined =>
    endpoints.find(
      endpoint =>
        endpoint.service === service && !endpoint.isGateway && endpoint.isAvailable && endpoint.hasPrivateDns,
    );
  const absent = ENDPOINT_SERVICES.filter(service => usable(service) === undefined);
  if (absent.length > 0)
    return [
      {
        status: 'missing',
        found: `no interface endpoint with private DNS is available for ${absent.join(', ')}`,
        fix: 'Add them to the VPC, with private DNS enabled.',
      },
    ];
  return ENDPOINT_SERVICES.flatMap((service): Trouble[] => {
    const own = groups.filter(({ groupId }) => usable(service)?.groupIds.includes(groupId));
    const shut = subnets.filter(({ cidr }) =>
      own.every(({ httpsFrom }) => httpsFrom.every(network => !contains(network, cidr))),
    );
    if (shut.length === 0) return [];
    const where = `${service} from ${shut.map(({ subnetId }) => subnetId).join(', ')}`;
    return own.some(({ hasOtherSources }) => hasOtherSources)
      ? [
          {
            status: 'warning',
            found: `the endpoint of ${where} lets in certain security groups only`,
            fix: "Let in the stack's security group (Workers) on port 443 once it is deployed, or the subnets.",
          },
        ]
      : [
          {
            status: 'missing',
            found: `no security group lets HTTPS in to the endpoint of ${where}`,
            fix: 'Let the subnets in on port 443.',
          },
        ];
  });
}

/** Video and the layers of images go to and from S3. */
function s3Trouble({ endpoints }: VpcSight, subnets: readonly SubnetSight[], way: WayOut): Trouble[] {
  const gateways = endpoints.filter(
    ({ service, isGateway, isAvailable }) => service === 's3' && isGateway && isAvailable,
  );
  const without = subnets.filter(({ routeTableId }) =>
    gateways.every(
      ({ routeTableIds }) => routeTableId === undefined || !routeTableIds.includes(routeTableId),
    ),
  );
  if (without.length === 0 || way === 'internetGateway') return [];
  const found = `${without.map(({ subnetId }) => subnetId).join(', ')}: no gateway endpoint of S3`;
  const fix = 'Add the gateway endpoint of S3 to the route tables of the subnets: it is free.';
  return way === 'endpoints'
    ? [{ status: 'missing', found, fix }]
    : [{ status: 'warning', found: `${found}, so that all video is billed by the gateway`, fix }];
}

/** The stack's own group, where it is deployed. */
function groupTrouble({ groups }: VpcSight): Trouble[] {
  const shut = groups.filter(({ stackName, httpsTo }) => stackName === STACK_NAME && httpsTo.length === 0);
  return shut.map(({ groupId }) => ({
    status: 'missing',
    found: `${groupId} of the stack lets no HTTPS out: it was changed by hand`,
    fix: 'Allow egress to 0.0.0.0/0 on port 443 again; a deployment does not notice.',
  }));
}

/** Whether an IPv4 network holds all of another. */
export function contains(outer: string, inner: string): boolean {
  const [outerBase, outerBits] = parseCidr(outer);
  const [innerBase, innerBits] = parseCidr(inner);
  const size = 2 ** (32 - outerBits);
  return innerBits >= outerBits && Math.floor(outerBase / size) === Math.floor(innerBase / size);
}

function parseCidr(cidr: string): [base: number, bits: number] {
  const [address = '', bits = '32'] = cidr.split('/');
  return [address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0), Number(bits)];
}
