import type { JobRecord } from '../../core/job';
import type { NetworkReceipt } from '../../core/nat-network-stays';
import { networkReceiptSchema } from '../../core/nat-network-stays';
import { keysBelow, readJson } from '../job-watch';
import { formatSeconds, formatUsd } from '../units';
import type { JobStore } from './job-store';

/** A job's shares of the networks that were made for it and others, as far as these are gone. */
export async function readNetworkReceipts(
  { s3, stateBucket }: JobStore,
  { usage }: JobRecord,
): Promise<NetworkReceipt[]> {
  if (usage.networkReceipts === undefined) return [];
  const keys = await keysBelow(s3, stateBucket, usage.networkReceipts);
  return Promise.all(keys.map(async key => networkReceiptSchema.parse(await readJson(s3, stateBucket, key))));
}

/** A line for each network that a job was in: its share, or when that is known. */
export function networkLines({ launches }: JobRecord, receipts: readonly NetworkReceipt[]): string[] {
  const ids = launches.flatMap(({ networkId }) => networkId ?? []);
  return [...new Set([...ids, ...receipts.map(({ networkId }) => networkId)])].map(networkId => {
    const receipt = receipts.find(other => other.networkId === networkId);
    if (receipt === undefined) return `Network ${networkId}: its share is known once the network is gone.`;
    const { usd, networkUsd, sharedBy, staySeconds } = receipt;
    const whole = `${formatUsd(networkUsd)} USD`;
    return sharedBy === 1
      ? `Network ${networkId}: ${whole}, which was there for this job alone.`
      : `Network ${networkId}: ${formatUsd(usd)} USD, for ${formatSeconds(staySeconds)} in it; ${sharedBy} jobs pay its ${whole} by their time.`;
  });
}
