import type { EC2Client } from '@aws-sdk/client-ec2';
import type { CallResult } from '../../core/nat-network-calls';
import type { NetworkEc2 } from '../cloud';
import { sendCall } from './ec2-calls';
import { observeNetworks } from './ec2-observe';

export interface Ec2NetworksOptions {
  readonly ec2: Pick<EC2Client, 'send'>;
  readonly region: string;
  /** What all networks of this deployment are tagged with. */
  readonly deployment: string;
  /** Two zones of the region. */
  readonly zones: readonly string[];
}

/** What EC2 says when something is as it was to be. */
const ALREADY = [
  'Resource.AlreadyAssociated',
  'RouteAlreadyExists',
  'InvalidPermission.Duplicate',
  'InvalidPermission.NotFound',
  'Gateway.NotAttached',
];

/** What it says when something else must come first: its end, its beginning, or our seeing what we made before. */
const NOT_YET = [
  'DependencyViolation',
  'InvalidIPAddress.InUse',
  'IncorrectState',
  'NatGatewayNotFound',
  'InvalidSubnet.Conflict',
  'InvalidGroup.Duplicate',
];

export function ec2Networks(options: Ec2NetworksOptions): NetworkEc2 {
  return {
    observe: networkId => observeNetworks(options, networkId),
    async perform(record, call) {
      try {
        return await sendCall({ ...options, record }, call);
      } catch (error) {
        const result = expectedResult(error);
        if (result === undefined) throw error;
        return result;
      }
    },
  };
}

/** What an error says of the network; undefined when it says nothing of it, as when EC2 is throttling or out of order. */
export function expectedResult(error: unknown): CallResult | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name: code, message } = error;
  if (ALREADY.includes(code)) return { kind: 'done' };
  if (NOT_YET.includes(code) || code.endsWith('.NotFound'))
    return { kind: 'later', reason: `${code}: ${message}` };
  // RequestLimitExceeded is about the pace of calls, and passes.
  if (code.endsWith('LimitExceeded') && code !== 'RequestLimitExceeded')
    return { kind: 'exhausted', code, message };
  return undefined;
}
