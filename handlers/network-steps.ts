import { decideNetwork, jobNeed, pauseSeconds } from '../core/nat-network';
import type { JobNeed, NetworkFacts } from '../core/nat-network';
import type { CallOutcome, NetworkCall } from '../core/nat-network-calls';
import { settleCalls } from '../core/nat-network-calls';
import { isAnothersTurn } from '../core/nat-network-message';
import type { NetworkRecord } from '../core/nat-network-record';
import { networkReceipts } from '../core/nat-network-stays';
import { describeError } from './batch';
import type { NetworkCloud, NetworkPlace, StoredNetwork } from './cloud';
import { carryOut } from './job-steps';

/** Making a network takes about six rounds of calls, and removing one as many. */
const MAX_ROUNDS = 20;

/** Leads a network on as far as it goes now, and has itself called again when it has to wait. */
export async function stepNetwork(
  cloud: NetworkCloud,
  { networkId, at }: { networkId: string; at?: string | undefined },
): Promise<void> {
  let stored = await cloud.networks.read(networkId);
  if (stored === undefined || isAnothersTurn(at, { dueAt: stored.record.nextStepAt, now: cloud.now() }))
    return;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const decision = decideNetwork(stored.record, await look(cloud, stored.record));
    if (decision.kind === 'ended') return finish(cloud, stored.record);
    if (decision.kind === 'wait') {
      const waiting = await pause(cloud, { ...stored, record: decision.record }, decision.seconds);
      if (waiting !== undefined) {
        for (const jobId of decision.launch) await launchIn(cloud, waiting.record, jobId);
        return;
      }
    } else {
      const written = await write(cloud, { ...stored, record: decision.record });
      if (written !== undefined) {
        await announce(cloud, stored.record, written.record);
        stored = await act(cloud, written, decision.calls);
        if (stored === undefined) return;
        continue;
      }
    }
    // Somebody else has changed it meanwhile: decide on what is so now.
    stored = await cloud.networks.read(networkId);
    if (stored === undefined) return;
  }
  await pause(cloud, stored, pauseSeconds(stored.record, { now: cloud.now(), settings: cloud.settings }));
}

/** Starts the task that a job waits for. */
export async function launchIn(cloud: NetworkCloud, record: NetworkRecord, jobId: string): Promise<void> {
  const place = placeIn(record);
  const job = await cloud.jobs.read(jobId);
  // Only what completion and the sweep may do, this stage may not.
  if (job !== undefined && place !== undefined) await carryOut(cloud, job, { leave: 'publish', place });
}

function placeIn({ networkId, parts, readyAt }: NetworkRecord): NetworkPlace | undefined {
  const securityGroupId = parts.securityGroup?.id;
  const subnetIds = [parts.privateSubnetA?.id, parts.privateSubnetB?.id].filter(id => id !== undefined);
  return securityGroupId === undefined || readyAt === undefined
    ? undefined
    : { networkId, subnetIds, securityGroupId, readyAt: new Date(readyAt) };
}

async function look(cloud: NetworkCloud, record: NetworkRecord): Promise<NetworkFacts> {
  const isInUse = record.status === 'building' || record.status === 'ready';
  const [observed, needs] = await Promise.all([
    record.status === 'gone' ? [] : cloud.ec2.observe(record.networkId),
    isInUse ? needsOf(cloud, record) : new Map<string, JobNeed>(),
  ]);
  const isIdle = record.status === 'ready' && [...needs.values()].every(need => need === 'leave');
  const liveTasks = isIdle ? await countTasks(cloud, record.networkId) : 0;
  return { now: cloud.now(), settings: cloud.settings, observed, needs, liveTasks };
}

async function needsOf(cloud: NetworkCloud, record: NetworkRecord): Promise<Map<string, JobNeed>> {
  const needs = new Map<string, JobNeed>();
  for (const jobId of record.jobs)
    needs.set(jobId, jobNeed((await cloud.jobs.read(jobId))?.job, record.networkId));
  return needs;
}

/** A task may hold the order of a job that was not the one that it was started for. */
async function countTasks({ tasks }: NetworkCloud, networkId: string): Promise<number> {
  let count = 0;
  for await (const task of tasks.live()) if (task.networkId === networkId) count += 1;
  return count;
}

async function write(
  cloud: NetworkCloud,
  { record, etag }: StoredNetwork,
): Promise<StoredNetwork | undefined> {
  return cloud.networks.replace({ ...record, updatedAt: cloud.now().toISOString() }, etag);
}

/** Notes when it goes on, and sees to it. Undefined when the record has changed meanwhile. */
async function pause(
  cloud: NetworkCloud,
  { record, etag }: StoredNetwork,
  seconds: number,
): Promise<StoredNetwork | undefined> {
  const at = new Date(cloud.now().getTime() + seconds * 1000).toISOString();
  const written = await write(cloud, { etag, record: { ...record, nextStepAt: at } });
  if (written !== undefined)
    await cloud.networkRequests.ask({ kind: 'step', networkId: record.networkId, at }, seconds);
  return written;
}

/** Makes the calls, all at once, and writes what came of them. Undefined when it cannot go on now. */
async function act(
  cloud: NetworkCloud,
  stored: StoredNetwork,
  calls: readonly NetworkCall[],
): Promise<StoredNetwork | undefined> {
  if (calls.length === 0) return stored;
  const answers = await Promise.allSettled(calls.map(call => perform(cloud, stored.record, call)));
  const outcomes = answers.flatMap(answer => (answer.status === 'fulfilled' ? [answer.value] : []));
  const settled = await settle(cloud, stored, outcomes);
  const broken = answers.find(answer => answer.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
  const mustWait = outcomes.some(({ result }) => result.kind === 'later');
  if (!mustWait || settled === undefined) return settled;
  const { record } = settled;
  const paused = await pause(
    cloud,
    settled,
    pauseSeconds(record, { now: cloud.now(), settings: cloud.settings }),
  );
  // Changed by another, who has been told of nothing: it has to be led on from here.
  return paused === undefined ? cloud.networks.read(record.networkId) : undefined;
}

async function perform(cloud: NetworkCloud, record: NetworkRecord, call: NetworkCall): Promise<CallOutcome> {
  const { networkId } = record;
  try {
    const result = await cloud.ec2.perform(record, call);
    cloud.log.info('EC2 was called', { networkId, ...call, result });
    return { call, result };
  } catch (error) {
    cloud.log.error('A call of EC2 failed', { networkId, ...call, error: describeError(error) });
    throw error;
  }
}

/** What EC2 said holds for whatever the record has become meanwhile. */
async function settle(
  cloud: NetworkCloud,
  stored: StoredNetwork,
  outcomes: readonly CallOutcome[],
): Promise<StoredNetwork | undefined> {
  let current: StoredNetwork | undefined = stored;
  while (current !== undefined) {
    const written = await write(cloud, { ...current, record: settleCalls(current.record, outcomes) });
    if (written !== undefined) return written;
    current = await cloud.networks.read(stored.record.networkId);
  }
  return undefined;
}

/** Tells the jobs of a network that was given up that they need another. */
async function announce(cloud: NetworkCloud, before: NetworkRecord, after: NetworkRecord): Promise<void> {
  if (before.status === after.status) return;
  const { networkId, status, failure, cost } = after;
  cloud.log.info('A network has changed', { networkId, status, failure, cost });
  if (status === 'gone') cloud.measure({ name: 'NetworksRemoved', value: 1 });
  if (status === 'gone' && cost !== undefined) cloud.measure({ name: 'NetworkUsd', value: cost.usd });
  if (status !== 'deleting' || failure === undefined) return;
  for (const jobId of after.jobs) await cloud.networkRequests.ask({ kind: 'want', jobId });
}

async function finish(cloud: NetworkCloud, record: NetworkRecord): Promise<void> {
  await cloud.networks.addReceipts(networkReceipts(record));
  await cloud.networks.clearOpen(record.networkId);
}
