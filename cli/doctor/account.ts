import type { NetworkMode } from '../../core/network-mode';
import { messageOf } from '../thrown';
import type { Finding } from './finding';
import { ok, wrong } from './finding';

export interface Quota {
  readonly service: string;
  readonly code: string;
}

/** What is asked of an account. Nothing of it changes anything. */
export interface Account {
  /** Effective values of ECS's account settings, by name. */
  ecsSettings(): Promise<Readonly<Record<string, string>>>;
  /** Undefined when there is no such quota in the region. */
  quota(quota: Quota): Promise<number | undefined>;
  /** Version of CDK's bootstrap stack; undefined when there is none. */
  bootstrapVersion(): Promise<number | undefined>;
  hasRole(name: string): Promise<boolean>;
  /** How many VPCs there are in the region, and whether one is of a stack of ours. */
  vpcs(): Promise<{ readonly count: number; readonly hasOurs: boolean }>;
  addressCount(): Promise<number>;
}

export interface Plan {
  readonly accountId: string;
  readonly region: string;
  readonly network: NetworkMode;
}

export const QUOTAS = {
  spotVcpu: { service: 'fargate', code: 'L-36FBB829' },
  onDemandVcpu: { service: 'fargate', code: 'L-3032A538' },
  vpcs: { service: 'vpc', code: 'L-F678F1CE' },
  addresses: { service: 'ec2', code: 'L-0263D0A3' },
} as const;

const LONG_ARNS = ['serviceLongArnFormat', 'taskLongArnFormat', 'containerInstanceLongArnFormat'];
/** What a task of the default size has, and the largest that a preset may ask for. */
const DEFAULT_VCPU = 2;
const LARGEST_VCPU = 16;
/** What templates of this CDK release ask for. */
const BOOTSTRAP_VERSION = 6;
const SERVICE_ROLE = 'AWSServiceRoleForECS';

/** Everything that a deployment needs of its account. What may not be looked at is unknown, and says so. */
export async function checkAccount(account: Account, plan: Plan): Promise<Finding[]> {
  const checks: [string, () => Promise<Finding>][] = [
    ['CDK bootstrap', () => checkBootstrap(account, plan)],
    ['Long ARNs of ECS', () => checkLongArns(account)],
    ['The service-linked role of ECS', () => checkServiceRole(account)],
    ['Fargate Spot vCPUs', () => checkVcpu(account, { what: 'Fargate Spot', quota: QUOTAS.spotVcpu })],
    ['Fargate vCPUs', () => checkVcpu(account, { what: 'Fargate on demand', quota: QUOTAS.onDemandVcpu })],
    ['VPCs', () => checkVpcs(account, plan)],
    ['Elastic IP addresses', () => checkAddresses(account)],
  ];
  return Promise.all(
    checks.map(([what, check]) =>
      check().catch((error: unknown): Finding => ({
        kind: 'unknown',
        text: `${what}: ${messageOf(error)}`,
        fix: 'Use credentials that may look at it. Nothing else depends on this answer.',
      })),
    ),
  );
}

async function checkBootstrap(account: Account, { accountId, region }: Plan): Promise<Finding> {
  const version = await account.bootstrapVersion();
  const fix = `npx cdk bootstrap aws://${accountId}/${region}`;
  if (version === undefined) return wrong('CDK has no bootstrap stack here.', fix);
  return version < BOOTSTRAP_VERSION
    ? wrong(`CDK's bootstrap stack is of version ${version}; it takes ${BOOTSTRAP_VERSION}.`, fix)
    : ok(`CDK's bootstrap stack is of version ${version}`);
}

async function checkLongArns(account: Account): Promise<Finding> {
  const settings = await account.ecsSettings();
  const short = LONG_ARNS.filter(name => settings[name] === 'disabled');
  return short.length === 0
    ? ok('ECS uses long ARNs, which tags need')
    : wrong(
        `ECS uses short ARNs (${short.join(', ')}), and tasks with those take no tags.`,
        short.map(name => `aws ecs put-account-setting-default --name ${name} --value enabled`).join('; '),
      );
}

async function checkServiceRole(account: Account): Promise<Finding> {
  return (await account.hasRole(SERVICE_ROLE))
    ? ok(`${SERVICE_ROLE} is there`)
    : wrong(
        `${SERVICE_ROLE} is not there; the first cluster of an account can fail for the want of it.`,
        'aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com',
      );
}

async function checkVcpu(
  account: Account,
  { what, quota }: { what: string; quota: Quota },
): Promise<Finding> {
  const vcpu = await account.quota(quota);
  if (vcpu === undefined) throw new Error('there is no such quota in this region');
  const fix = `aws service-quotas request-service-quota-increase --service-code ${quota.service} --quota-code ${quota.code} --desired-value ${4 * LARGEST_VCPU}`;
  const tasks = Math.floor(vcpu / DEFAULT_VCPU);
  if (tasks === 0) return wrong(`${what}: ${vcpu} vCPUs at a time, too few for any task.`, fix);
  const text = `${what}: ${vcpu} vCPUs at a time, ${tasks} tasks of the default size`;
  return vcpu < LARGEST_VCPU
    ? wrong(`${text}; a preset with more than ${vcpu} vCPUs finds no room.`, fix)
    : ok(text);
}

async function checkVpcs(account: Account, { network }: Plan): Promise<Finding> {
  if (network === 'existingVpc') return ok('No VPC is made: the network is existingVpc');
  const [quota, { count, hasOurs }] = await Promise.all([account.quota(QUOTAS.vpcs), account.vpcs()]);
  if (quota === undefined) throw new Error('there is no such quota in this region');
  const text = `${count} of ${quota} VPCs are there`;
  return count < quota || hasOurs
    ? ok(hasOurs ? `${text}, one of them Spotreel's` : text)
    : wrong(
        `${text}, and ${network} needs one more.`,
        `Delete one, run in one with the network existingVpc, or: aws service-quotas request-service-quota-increase --service-code vpc --quota-code ${QUOTAS.vpcs.code} --desired-value ${quota + 5}`,
      );
}

async function checkAddresses(account: Account): Promise<Finding> {
  const [quota, count] = await Promise.all([account.quota(QUOTAS.addresses), account.addressCount()]);
  if (quota === undefined) throw new Error('there is no such quota in this region');
  const text = `${count} of ${quota} elastic IP addresses are in use`;
  return count < quota
    ? ok(text)
    : wrong(
        `${text}; a network that is made with a NAT gateway needs one.`,
        `Release one, or: aws service-quotas request-service-quota-increase --service-code ec2 --quota-code ${QUOTAS.addresses.code} --desired-value ${quota + 5}`,
      );
}
