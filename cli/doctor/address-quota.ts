import type { NetworkMode } from '../../core/network-mode';
import { QUOTAS } from './account';
import type { AccountCheck, Finding } from './check';
import { ok } from './check';
import { judgeRoom } from './room';

export interface AddressFacts {
  readonly mode: NetworkMode;
  readonly limit: number | undefined;
  /** Elastic IP addresses that are allocated. */
  readonly used: number;
}

/** Only the NAT gateway of a network that is made for jobs has an elastic address. */
export const addressQuota: AccountCheck = {
  name: 'elastic IPs',
  actions: [
    'ec2:DescribeAddresses',
    'servicequotas:GetServiceQuota',
    'servicequotas:GetAWSDefaultServiceQuota',
  ],
  async look({ account, deployment: { config } }) {
    const { mode } = config.network;
    if (mode !== 'perJobNat') return judgeAddresses({ mode, limit: undefined, used: 0 });
    return judgeAddresses({
      mode,
      limit: await account.quota(QUOTAS.addresses),
      used: await account.addressCount(),
    });
  },
};

export function judgeAddresses({ mode, limit, used }: AddressFacts): Finding {
  if (mode !== 'perJobNat') return ok(`none is needed with network ${mode}`);
  return judgeRoom({
    quota: QUOTAS.addresses,
    limit,
    used,
    otherwise: 'release an address that nothing uses; until then jobs wait',
  });
}
