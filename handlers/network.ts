import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { sealed } from '../core/attempts';
import type { JobRecord, Launch } from '../core/job';
import { settleLaunch } from '../core/launch';
import { chooseNetwork, jobNeed } from '../core/nat-network';
import { isAnothersTurn, networkMessageSchema } from '../core/nat-network-message';
import { networkIdAfter, newNetwork } from '../core/nat-network-record';
import { withJob } from '../core/nat-network-stays';
import { eachMessage } from './batch';
import type { NetworkCloud, StoredJob, StoredNetwork } from './cloud';
import { noteInJob } from './job-steps';
import { closeNetworks } from './network-close';
import { launchIn, stepNetwork } from './network-steps';
import { sweepNetworks } from './network-sweep';

/** Writers of one network at a time are few; more conflicts than this mean that something else is wrong. */
const MAX_CONFLICTS = 20;

/** Makes, uses and removes the networks that jobs need, one message after the other. */
export function networkHandler(cloud: NetworkCloud): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return event =>
    eachMessage(event, cloud, async ({ body }) => {
      const message = networkMessageSchema.parse(JSON.parse(body));
      switch (message.kind) {
        case 'want':
          return provideNetwork(cloud, message);
        case 'step':
          return stepNetwork(cloud, message);
        case 'sweep':
          return sweepNetworks(cloud);
        case 'close':
          return closeNetworks(cloud, message);
      }
    });
}

/** Brings a job that waits for a task into a network: the one there is, or a new one. */
async function provideNetwork(
  cloud: NetworkCloud,
  { jobId, at }: { jobId: string; at?: string | undefined },
): Promise<void> {
  const stored = await cloud.jobs.read(jobId);
  if (stored === undefined || jobNeed(stored.job, '') !== 'launch') return;
  const dueAt = waitingLaunches(stored.job)[0]?.waitsUntil;
  if (isAnothersTurn(at, { dueAt, now: cloud.now() })) return;
  const network = await joinNetwork(cloud, stored);
  if (network === undefined) return;
  const { record } = network;
  if (record.status === 'ready') await launchIn(cloud, record, jobId);
  else await tellJob(cloud, jobId, { reason: `network ${record.networkId}, which is being made` });
  if (!isAnothersTurn(undefined, { dueAt: record.nextStepAt, now: cloud.now() }))
    await stepNetwork(cloud, { networkId: record.networkId });
}

/** Undefined when no network can be had at the moment: the job is told why, and asks again. */
async function joinNetwork(cloud: NetworkCloud, { job }: StoredJob): Promise<StoredNetwork | undefined> {
  const { networks, settings } = cloud;
  for (let conflicts = 0; conflicts <= MAX_CONFLICTS; conflicts += 1) {
    const now = cloud.now();
    const newest = await networks.newest();
    const choice = chooseNetwork(newest?.record, { now, settings });
    switch (choice.kind) {
      case 'later': {
        const waitsUntil = new Date(now.getTime() + choice.seconds * 1000).toISOString();
        cloud.log.warn('No network can be made at the moment', { jobId: job.jobId, reason: choice.reason });
        await tellJob(cloud, job.jobId, { reason: choice.reason, waitsUntil });
        await cloud.networkRequests.ask({ kind: 'want', jobId: job.jobId, at: waitsUntil }, choice.seconds);
        return undefined;
      }
      case 'join': {
        if (newest === undefined || newest.record.jobs.includes(job.jobId)) return newest;
        const joined = { ...withJob(newest.record, job.jobId, now), updatedAt: now.toISOString() };
        const written = await networks.replace(joined, newest.etag);
        if (written !== undefined) return written;
        break;
      }
      case 'create': {
        const { attempt } = choice;
        const networkId = networkIdAfter(newest?.record.networkId, networks.mark);
        await networks.markOpen(networkId);
        // After the marker: whoever closes looks for markers afterwards, and one of the two sees the other.
        if (await networks.isClosed()) {
          await networks.clearOpen(networkId);
          await tellJob(cloud, job.jobId, { reason: 'nothing: the deployment is being removed' });
          return undefined;
        }
        const expiryMinutes = settings.networkExpiryMinutes;
        const created = await networks.create(newNetwork({ networkId, attempt, job, now, expiryMinutes }));
        if (created === undefined) break;
        cloud.measure({ name: 'NetworksMade', value: 1 });
        cloud.log.info('A network is made', { networkId, jobId: job.jobId, attempt });
        return created;
      }
    }
  }
  throw new Error(`Networks were changed by others ${MAX_CONFLICTS} times in a row`);
}

/** Lets the record of a job say what its tasks wait for. */
async function tellJob(
  cloud: NetworkCloud,
  jobId: string,
  { reason, waitsUntil }: { reason: string; waitsUntil?: string },
): Promise<void> {
  const until = waitsUntil === undefined ? {} : { waitsUntil };
  const result = { kind: 'networkNotReady', reason, ...until } as const;
  await noteInJob(cloud, jobId, job => {
    const now = cloud.now();
    const untold = waitingLaunches(job).filter(
      launch => launch.waitingFor !== reason || launch.waitsUntil !== waitsUntil,
    );
    if (untold.length === 0) return { kind: 'unchanged', reason: 'it is told already', acts: [] };
    const told = untold.reduce((next, { launch }) => settleLaunch(next, launch, { result, now }), job);
    return { kind: 'changed', job: sealed(told, { now, settings: cloud.settings }), acts: [] };
  });
}

function waitingLaunches(job: JobRecord): Launch[] {
  const pending = job.pending.flatMap(item => (item.kind === 'launchTask' ? [item.launch] : []));
  return job.launches.filter(({ launch }) => pending.includes(launch));
}
