import type { EndpointSight, GroupSight, SubnetSight, VpcSight } from '../../../cli/doctor/vpc-sight';
import type { WayOutFacts } from '../../../cli/doctor/way-out';
import { contains, judgeWayOut } from '../../../cli/doctor/way-out';
import { ENDPOINT_SERVICES } from '../../../core/network-mode';
import type { WayOut } from '../../../pipeline/network/network-config';

const subnet = (id: string, target?: string, isActive = true): SubnetSight => ({
  subnetId: `subnet-${id}`,
  cidr: `10.0.${id}.0/24`,
  routeTableId: `rtb-${id}`,
  defaultRoute: target === undefined ? undefined : { target, isActive },
});
const endpoint = (service: string, changes: Partial<EndpointSight> = {}): EndpointSight => ({
  ...{ service, isGateway: false, isAvailable: true, hasPrivateDns: true },
  ...{ routeTableIds: [], groupIds: ['sg-1'] },
  ...changes,
});
const S3 = endpoint('s3', { isGateway: true, routeTableIds: ['rtb-1', 'rtb-2'], groupIds: [] });
const ALL_ENDPOINTS = [...ENDPOINT_SERVICES.map(service => endpoint(service)), S3];
const group = (changes: Partial<GroupSight> = {}): GroupSight => ({
  ...{ groupId: 'sg-1', httpsFrom: ['10.0.0.0/16'], httpsTo: [], hasOtherSources: false },
  ...changes,
});

function facts(wayOut: WayOut, vpc: Partial<VpcSight>, subnetIds: string[] = ['subnet-1']): WayOutFacts {
  return {
    network: { mode: 'existingVpc', vpcId: 'vpc-1', wayOut, subnetIds },
    vpc: { subnets: [subnet('1')], endpoints: ALL_ENDPOINTS, groups: [group()], ...vpc },
  };
}
const looked = (wayOut: WayOut, vpc: Partial<VpcSight>): WayOutFacts => {
  const { network, vpc: seen } = facts(wayOut, vpc);
  const { subnetIds: _unsaid, ...rest } = network;
  return { network: rest, vpc: seen };
};

describe('the way out of an existing VPC', () => {
  it.each<[string, WayOutFacts]>([
    [
      'internetGateway, from one subnet of vpc-1',
      facts('internetGateway', { subnets: [subnet('1', 'igw-1')] }),
    ],
    ['internetGateway', facts('internetGateway', { subnets: [subnet('1', 'vpce-firewall')] })],
    ['nat', facts('nat', { subnets: [subnet('1', 'nat-1')] })],
    ['nat', facts('nat', { subnets: [subnet('1', 'tgw-1')] })],
    ['endpoints', facts('endpoints', {})],
    [
      'nat, from 2 subnets',
      looked('nat', { subnets: [subnet('1', 'nat-1'), subnet('2', 'nat-1'), subnet('3', 'igw-1')] }),
    ],
  ])('is there: %s (%#)', (found, given) => {
    const finding = judgeWayOut(given);
    expect([finding.status, finding.fix]).toEqual(['ok', undefined]);
    expect(finding.found).toContain(found);
  });

  it.each<[string, string, WayOutFacts]>([
    ['vpc-1 has no subnets', 'another vpcId', facts('nat', { subnets: [] })],
    ['subnet-9: not in vpc-1, which has subnet-1', 'subnetIds of that VPC', facts('nat', {}, ['subnet-9'])],
    ['no subnet with the way out nat', 'another wayOut', looked('nat', {})],
    ['has no default route', 'or use wayOut endpoints', facts('nat', {})],
    ['leads to nat-1, which is gone', 'Replace', facts('nat', { subnets: [subnet('1', 'nat-1', false)] })],
    ['leads to igw-1: without', 'wayOut internetGateway', facts('nat', { subnets: [subnet('1', 'igw-1')] })],
    [
      'leads to nat-1, which is no internet gateway',
      'Use wayOut nat',
      facts('internetGateway', { subnets: [subnet('1', 'nat-1')] }),
    ],
    ['available for ecr.api, ecr.dkr, sqs, logs', 'private DNS', facts('endpoints', { endpoints: [S3] })],
    [
      'available for sqs',
      'private DNS',
      facts('endpoints', {
        endpoints: ALL_ENDPOINTS.map(one => (one.service === 'sqs' ? { ...one, hasPrivateDns: false } : one)),
      }),
    ],
    [
      'no security group lets HTTPS in to the endpoint of ecr.api from subnet-1',
      'port 443',
      facts('endpoints', { groups: [group({ httpsFrom: ['10.1.0.0/16'] })] }),
    ],
    [
      'subnet-1: no gateway endpoint of S3',
      'it is free',
      facts('endpoints', { endpoints: ALL_ENDPOINTS.filter(({ isGateway }) => !isGateway) }),
    ],
    [
      'sg-2 of the stack lets no HTTPS out',
      'Allow egress',
      facts('endpoints', { groups: [group(), group({ groupId: 'sg-2', stackName: 'Spotreel' })] }),
    ],
  ])('is missing: %s', (found, fix, given) => {
    const finding = judgeWayOut(given);
    expect(finding.status).toBe('missing');
    expect(finding.found).toContain(found);
    expect(finding.fix).toContain(fix);
  });

  it.each<[string, WayOutFacts]>([
    ['all video is billed by the gateway', facts('nat', { subnets: [subnet('1', 'nat-1')], endpoints: [] })],
    [
      'lets in certain security groups only',
      facts('endpoints', { groups: [group({ httpsFrom: [], hasOtherSources: true })] }),
    ],
  ])('works within limits: %s', (found, given) => {
    const finding = judgeWayOut(given);
    expect(finding.status).toBe('warning');
    expect(finding.found).toContain(found);
  });

  it('tells what is missing before what is dear', () => {
    const subnets = [subnet('1', 'nat-1', false)];
    expect(judgeWayOut(facts('nat', { subnets, endpoints: [] })).status).toBe('missing');
  });
});

describe('a network', () => {
  it.each([
    ['0.0.0.0/0', '10.0.1.0/24', true],
    ['10.0.0.0/16', '10.0.255.0/24', true],
    ['10.0.0.0/16', '10.1.0.0/24', false],
    ['10.0.1.0/24', '10.0.0.0/16', false],
    ['10.0.1.0/24', '10.0.1.0/24', true],
    ['192.168.0.1/32', '192.168.0.0/24', false],
    ['128.0.0.0/1', '255.255.255.0/24', true],
  ])('%s holds %s: %s', (...[outer, inner, holds]) => {
    expect(contains(outer, inner)).toBe(holds);
  });
});
