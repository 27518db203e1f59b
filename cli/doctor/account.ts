import type { VpcSight } from './vpc-sight';

/** All that is read of an account, in one region. Nothing here changes anything. */
export interface Account {
  /** Whose credentials are at hand. */
  identity(): Promise<{ readonly accountId: string; readonly arn: string }>;
  /** Effective value of a setting of ECS, such as taskLongArnFormat; undefined when ECS lists none. */
  ecsSetting(name: string): Promise<string | undefined>;
  /** A quota as it applies to the account, else AWS's default; undefined when neither is known. */
  quota(quota: Quota): Promise<number | undefined>;
  vpcs(): Promise<readonly { readonly vpcId: string; readonly stackName?: string }[]>;
  /** How one gets out of a VPC. */
  vpc(vpcId: string): Promise<VpcSight>;
  /** Elastic IP addresses that are allocated. */
  addressCount(): Promise<number>;
  hasRole(roleName: string): Promise<boolean>;
  /** Value of an SSM parameter; undefined when there is none. */
  parameter(name: string): Promise<string | undefined>;
}

/** A quota by the codes of Service Quotas. */
export interface Quota {
  readonly serviceCode: string;
  readonly quotaCode: string;
}

/** Quotas that a deployment may run into. */
export const QUOTAS = {
  spotVcpus: { serviceCode: 'fargate', quotaCode: 'L-36FBB829' },
  onDemandVcpus: { serviceCode: 'fargate', quotaCode: 'L-3032A538' },
  vpcs: { serviceCode: 'vpc', quotaCode: 'L-F678F1CE' },
  addresses: { serviceCode: 'ec2', quotaCode: 'L-0263D0A3' },
} as const satisfies Record<string, Quota>;

/** The command with which an account asks for more. */
export function raiseCommand({ serviceCode, quotaCode }: Quota, wanted: number): string {
  return `aws service-quotas request-service-quota-increase --service-code ${serviceCode} --quota-code ${quotaCode} --desired-value ${wanted}`;
}
