import type { NetworkMode } from '../../core/network-mode';
import { QUOTAS } from './account';
import type { AccountCheck, Finding } from './check';
import { ok } from './check';
import { judgeRoom } from './room';

/** The stack's name in pipeline/app.ts. */
export const STACK_NAME = 'Spotreel';

export interface VpcFacts {
  readonly mode: NetworkMode;
  readonly limit: number | undefined;
  readonly vpcs: readonly { readonly vpcId: string; readonly stackName?: string }[];
}

export const vpcQuota: AccountCheck = {
  name: 'VPCs',
  actions: ['ec2:DescribeVpcs', 'servicequotas:GetServiceQuota', 'servicequotas:GetAWSDefaultServiceQuota'],
  async look({ account, deployment: { config } }) {
    const { mode } = config.network;
    if (mode === 'existingVpc') return judgeVpcs({ mode, limit: undefined, vpcs: [] });
    return judgeVpcs({ mode, limit: await account.quota(QUOTAS.vpcs), vpcs: await account.vpcs() });
  },
};

export function judgeVpcs({ mode, limit, vpcs }: VpcFacts): Finding {
  if (mode === 'existingVpc') return ok('none is made with network existingVpc');
  const own = vpcs.find(({ stackName }) => stackName === STACK_NAME);
  if (mode !== 'perJobNat' && own !== undefined) return ok(`the stack has one, ${own.vpcId}`);
  return judgeRoom({
    quota: QUOTAS.vpcs,
    limit,
    used: vpcs.length,
    otherwise:
      mode === 'perJobNat'
        ? 'delete a VPC that nothing uses; until then jobs wait'
        : 'delete a VPC that nothing uses, or run in one that is there (network existingVpc)',
  });
}
