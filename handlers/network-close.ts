import { givenUp } from '../core/nat-network';
import type { NetworkMessage } from '../core/nat-network-message';
import type { StackRequest } from '../core/stack-request';
import { describeError } from './batch';
import type { NetworkCloud } from './cloud';
import { stepNetwork } from './network-steps';
import { adoptStrays } from './network-sweep';

/** CloudFormation waits for an hour. A little before that it is told what is in the way, instead of nothing. */
const PATIENCE_SECONDS = 55 * 60;

type CloseMessage = Extract<NetworkMessage, { kind: 'close' }>;

/**
 * Answers CloudFormation when it makes or removes the stage. Before the stage is removed everything goes that it has
 * made, over as many invocations as that takes; CloudFormation waits for it.
 */
export function stackHandler(cloud: NetworkCloud): (request: StackRequest) => Promise<void> {
  return async request => {
    cloud.log.info('CloudFormation asks', { requestType: request.RequestType });
    if (request.RequestType === 'Delete') {
      const since = cloud.now().toISOString();
      return cloud.networkRequests.ask({ kind: 'close', since, request });
    }
    // A deployment that was removed and is made again, or goes back to this mode.
    const outcome = await cloud.networks.reopen().then(
      () => ({ kind: 'done' }) as const,
      // Without an answer CloudFormation would wait for an hour.
      (error: unknown) => ({ kind: 'failed', reason: messageOf(error) }) as const,
    );
    await cloud.answerStack(request, outcome);
  };
}

/** Leads all networks to their end, looks again after a pause, and tells CloudFormation when none is left. */
export async function closeNetworks(cloud: NetworkCloud, message: CloseMessage): Promise<void> {
  const left = await removeAll(cloud).catch((error: unknown) => {
    cloud.log.error('Networks could not be removed so far', { error: describeError(error) });
    return messageOf(error);
  });
  if (left === undefined) return cloud.answerStack(message.request, { kind: 'done' });
  const waited = (cloud.now().getTime() - Date.parse(message.since)) / 1000;
  if (waited < PATIENCE_SECONDS) return cloud.networkRequests.ask(message, cloud.settings.networkPollSeconds);
  const reason = `Networks that were made for jobs are still there: ${left}. See "Networks outlive their expiry" in docs/runbook.md, then remove the stack again.`;
  cloud.log.error('Networks are left', { left });
  return cloud.answerStack(message.request, { kind: 'failed', reason });
}

/** @returns what is still there, as a person reads it */
async function removeAll(cloud: NetworkCloud): Promise<string | undefined> {
  await cloud.networks.close();
  for await (const { taskArn, networkId } of cloud.tasks.live())
    if (networkId !== undefined) await cloud.tasks.stop(taskArn, 'the deployment is removed');
  await adoptStrays(cloud, { evenUnexpired: true });
  const left: string[] = [];
  for await (const networkId of cloud.networks.open()) {
    await giveUp(cloud, networkId);
    await stepNetwork(cloud, { networkId });
    const record = (await cloud.networks.read(networkId))?.record;
    if (record?.status !== 'gone')
      left.push(`${networkId} (waits for ${record?.waitingFor ?? 'the next step'})`);
  }
  if (left.length > 0) return left.join(', ');
  const found = (await cloud.ec2.observe()).filter(({ state }) => state !== 'deleted');
  return found.length === 0 ? undefined : found.map(({ id }) => id).join(', ');
}

/** Has a network that is made or used taken down, whatever its jobs need. */
async function giveUp({ networks, now }: NetworkCloud, networkId: string): Promise<void> {
  const stored = await networks.read(networkId);
  const record = stored && givenUp(stored.record, now());
  // If somebody else has changed it meanwhile, the next look finds it.
  if (stored !== undefined && record !== undefined) await networks.replace(record, stored.etag);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
