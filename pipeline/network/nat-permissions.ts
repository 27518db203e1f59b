import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DEPLOYMENT_TAG } from '../../core/task-tags';
import type { Permission } from '../permissions';

/** Calls that make something, each with the type of what it makes and the types of what that is put into. */
const CREATIONS: readonly { action: string; makes: string; within: readonly string[] }[] = [
  { action: 'AllocateAddress', makes: 'elastic-ip', within: [] },
  { action: 'CreateInternetGateway', makes: 'internet-gateway', within: [] },
  { action: 'CreateVpc', makes: 'vpc', within: [] },
  { action: 'CreateSubnet', makes: 'subnet', within: ['vpc'] },
  { action: 'CreateRouteTable', makes: 'route-table', within: ['vpc'] },
  { action: 'CreateSecurityGroup', makes: 'security-group', within: ['vpc'] },
  { action: 'CreateNatGateway', makes: 'natgateway', within: ['subnet', 'elastic-ip'] },
  { action: 'CreateVpcEndpoint', makes: 'vpc-endpoint', within: ['vpc', 'route-table'] },
];

/** Calls that change or remove what is there, each with the types of what it touches. */
const CHANGES: readonly { action: string; of: readonly string[] }[] = [
  { action: 'AttachInternetGateway', of: ['internet-gateway', 'vpc'] },
  { action: 'DetachInternetGateway', of: ['internet-gateway', 'vpc'] },
  { action: 'AssociateRouteTable', of: ['route-table', 'subnet'] },
  { action: 'DisassociateRouteTable', of: ['route-table', 'subnet'] },
  { action: 'CreateRoute', of: ['route-table'] },
  { action: 'AuthorizeSecurityGroupEgress', of: ['security-group'] },
  { action: 'RevokeSecurityGroupEgress', of: ['security-group'] },
  { action: 'DeleteVpc', of: ['vpc'] },
  { action: 'DeleteSubnet', of: ['subnet'] },
  { action: 'DeleteInternetGateway', of: ['internet-gateway'] },
  { action: 'DeleteRouteTable', of: ['route-table'] },
  { action: 'DeleteSecurityGroup', of: ['security-group'] },
  { action: 'ReleaseAddress', of: ['elastic-ip'] },
  { action: 'DeleteNatGateway', of: ['natgateway'] },
  { action: 'DeleteVpcEndpoints', of: ['vpc-endpoint'] },
];

const DESCRIPTIONS = [
  'DescribeAddresses',
  'DescribeInternetGateways',
  'DescribeNatGateways',
  'DescribeRouteTables',
  'DescribeSecurityGroups',
  'DescribeSubnets',
  'DescribeVpcEndpoints',
  'DescribeVpcs',
];

/** Making networks, and changing and removing those that this deployment has made: what bears its tag, and nothing else. */
export function makeNetworks(scope: Construct): Permission[] {
  const stack = Stack.of(scope);
  const arn = (type: string): string =>
    stack.formatArn({ service: 'ec2', resource: type, resourceName: '*' });
  const oursBy = (kind: 'RequestTag' | 'ResourceTag') => ({
    StringEquals: { [`aws:${kind}/${DEPLOYMENT_TAG}`]: stack.stackName },
  });
  return [
    ...CREATIONS.map(({ action, makes }) => ({
      sid: `${action}Tagged`,
      actions: [`ec2:${action}`],
      resources: [arn(makes)],
      conditions: oursBy('RequestTag'),
      why: 'What is made has no id yet; the condition lets nothing be made without the tag of this deployment.',
    })),
    {
      sid: 'TagWhatIsMade',
      actions: ['ec2:CreateTags'],
      resources: CREATIONS.map(({ makes }) => arn(makes)),
      conditions: { StringEquals: { 'ec2:CreateAction': CREATIONS.map(({ action }) => action) } },
      why: 'Tags are given at the moment of creation only, as the condition says.',
    },
    {
      sid: 'ChangeWhatIsOurs',
      actions: unique([
        ...CREATIONS.filter(({ within }) => within.length > 0).map(({ action }) => action),
        ...CHANGES.map(({ action }) => action),
      ]).map(action => `ec2:${action}`),
      resources: unique([
        ...CREATIONS.flatMap(({ within }) => within),
        ...CHANGES.flatMap(({ of }) => of),
      ]).map(arn),
      conditions: oursBy('ResourceTag'),
      why: 'Ids are known when a network is made; the condition names what bears the tag of this deployment.',
    },
    {
      sid: 'SeeNetworks',
      actions: DESCRIPTIONS.map(action => `ec2:${action}`),
      resources: ['*'],
      conditions: { StringEquals: { 'aws:RequestedRegion': stack.region } },
      why: 'Descriptions know no resources; the condition holds them to the region of the pipeline.',
    },
  ];
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)];
}
