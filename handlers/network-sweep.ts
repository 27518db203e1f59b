import type { ObservedResource } from '../core/nat-network-observed';
import type { NetworkRecord } from '../core/nat-network-record';
import { adoptedNetwork } from '../core/nat-network-record';
import { describeError } from './batch';
import type { NetworkCloud } from './cloud';
import { stepNetwork } from './network-steps';

/** Looks for networks that nobody leads on, and for resources that no record accounts for; has both taken up. */
export async function sweepNetworks(cloud: NetworkCloud): Promise<void> {
  const ledOn: string[] = [];
  const overdue: string[] = [];
  for await (const networkId of cloud.networks.open()) {
    const record = (await cloud.networks.read(networkId))?.record;
    if (record === undefined) continue;
    if (record.status !== 'gone' && cloud.now() >= new Date(record.expiresAt)) overdue.push(networkId);
    if (isForgotten(cloud, record)) ledOn.push(networkId);
  }
  const found = await adoptStrays(cloud, { evenUnexpired: false });
  cloud.measure({ name: 'NetworksOverdue', value: overdue.length + found.length });
  if (ledOn.length + overdue.length + found.length > 0) {
    cloud.log.warn('Networks swept', { ledOn, overdue, found });
    cloud.measure({ name: 'SweepRepairs', value: ledOn.length + found.length });
  }
  const failures: string[] = [];
  for (const networkId of new Set([...ledOn, ...found])) {
    // Each is alone: one that fails does not keep the others from being led on.
    await stepNetwork(cloud, { networkId }).catch((error: unknown) => failures.push(describeError(error)));
  }
  if (failures.length > 0) throw new Error(`${failures.length} networks could not be led on: ${failures[0]}`);
}

/** The message that leads it on is lost, or was never sent. */
function isForgotten({ now, settings }: NetworkCloud, record: NetworkRecord): boolean {
  if (record.status === 'gone') return true;
  const due = new Date(record.nextStepAt ?? record.updatedAt).getTime();
  return now().getTime() - due >= settings.graceSeconds * 1000;
}

/**
 * Whatever bears our tag and has no record that would see to its removal gets one.
 * @param options.evenUnexpired whether what has not expired is taken up too
 */
export async function adoptStrays(
  cloud: NetworkCloud,
  { evenUnexpired }: { evenUnexpired: boolean },
): Promise<string[]> {
  const observed = (await cloud.ec2.observe()).filter(({ state }) => state !== 'deleted');
  const adopted: string[] = [];
  for (const networkId of new Set(observed.map(resource => resource.networkId))) {
    const resources = observed.filter(resource => resource.networkId === networkId);
    if (await adopt(cloud, { networkId, resources, evenUnexpired })) adopted.push(networkId);
  }
  return adopted;
}

async function adopt(
  cloud: NetworkCloud,
  {
    networkId,
    resources,
    evenUnexpired,
  }: { networkId: string; resources: readonly ObservedResource[]; evenUnexpired: boolean },
): Promise<boolean> {
  const now = cloud.now();
  const stored = await cloud.networks.read(networkId);
  if (stored === undefined) {
    // Records are made before resources: one that is missing was removed by hand. Its expiry is left to whoever did.
    const isExpired = resources.every(({ expiresAt }) => expiresAt === undefined || now >= expiresAt);
    if (!isExpired && !evenUnexpired) return false;
    await cloud.networks.markOpen(networkId);
    const record = adoptedNetwork({ networkId, now, lastAskedAt: new Date(0) });
    return (await cloud.networks.create(record)) !== undefined;
  }
  const { record, etag } = stored;
  if (record.status !== 'gone') return false;
  const { goneAt = record.updatedAt, ...rest } = record;
  // EC2 goes on showing for a while what is gone.
  if (now.getTime() - new Date(goneAt).getTime() < cloud.settings.graceSeconds * 1000) return false;
  await cloud.networks.markOpen(networkId);
  const reopened: NetworkRecord = { ...rest, status: 'deleting', deletingSince: now.toISOString() };
  return (await cloud.networks.replace({ ...reopened, updatedAt: now.toISOString() }, etag)) !== undefined;
}
