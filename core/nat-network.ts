import { networkCost } from './cost/nat-network';
import type { JobRecord } from './job';
import { isTerminal } from './job';
import { isLive } from './launch';
import { planBuild, withObservedParts } from './nat-network-build';
import type { NetworkCall } from './nat-network-calls';
import { withIntents } from './nat-network-calls';
import type { ObservedResource } from './nat-network-observed';
import type { NetworkFailure, NetworkRecord } from './nat-network-record';
import { withoutJobs } from './nat-network-stays';
import { planTeardown } from './nat-network-teardown';
import type { Settings } from './settings';

/** Minutes after which a network that is not ready is given up; a NAT gateway takes one or two. */
const BUILD_MINUTES = 15;
/** Longest pause between two tries to make a network. SQS delays a message by 15 minutes at most. */
const MAX_RETRY_SECONDS = 900;
/** Removal takes a minute where nothing lingers; what does is looked after less often. */
const PATIENT_AFTER_SECONDS = 120;

/** What a job means to a network that it is in. */
export type JobNeed =
  /** A task of it is waiting to be started. */
  | 'launch'
  /** It goes on. */
  | 'stay'
  /** It has ended, or goes on in another network. */
  | 'leave';

export interface NetworkFacts {
  readonly now: Date;
  readonly settings: Settings;
  readonly observed: readonly ObservedResource[];
  /** Each job of the record. */
  readonly needs: ReadonlyMap<string, JobNeed>;
  /** Tasks that run in it, whichever job's order they hold. */
  readonly liveTasks: number;
}

export type NetworkDecision =
  /** Write the record, then make the calls, all at once; then decide again. */
  | { readonly kind: 'act'; readonly record: NetworkRecord; readonly calls: readonly NetworkCall[] }
  /** Write the record, start the tasks of these jobs, and decide again after a pause. */
  | {
      readonly kind: 'wait';
      readonly record: NetworkRecord;
      readonly seconds: number;
      readonly launch: readonly string[];
    }
  | { readonly kind: 'ended' };

/** How a network goes on. Any number may ask at once: only one can write the record that they all decided on. */
export function decideNetwork(record: NetworkRecord, facts: NetworkFacts): NetworkDecision {
  switch (record.status) {
    case 'building':
      return decideBuilding(withJobsThatNeedIt(withObservedParts(record, facts.observed), facts), facts);
    case 'ready':
      return decideReady(withJobsThatNeedIt(record, facts), facts);
    case 'deleting':
      return decideTeardown(withObservedParts(record, facts.observed), facts);
    case 'gone':
      return { kind: 'ended' };
  }
}

export function jobNeed(job: JobRecord | undefined, networkId: string): JobNeed {
  if (job === undefined || isTerminal(job.status)) return 'leave';
  if (job.pending.some(({ kind }) => kind === 'launchTask')) return 'launch';
  const live = job.launches.filter(launch => isLive(launch) && launch.networkId !== undefined);
  return live.length > 0 && live.every(launch => launch.networkId !== networkId) ? 'leave' : 'stay';
}

/** Whether tasks may still be started in it: each must have ended by its own expiry before the network's comes. */
export function takesTasks(
  record: NetworkRecord,
  { now, settings }: { now: Date; settings: Settings },
): boolean {
  if (record.status !== 'building' && record.status !== 'ready') return false;
  if (record.failure !== undefined) return false;
  const lastTaskEnds = now.getTime() + settings.taskExpiryMinutes * 60_000;
  return lastTaskEnds <= new Date(record.expiresAt).getTime();
}

export type NetworkChoice =
  | { readonly kind: 'join' }
  /** `attempt`: how many in a row have been tried, this one included. */
  | { readonly kind: 'create'; readonly attempt: number }
  | { readonly kind: 'later'; readonly seconds: number; readonly reason: string };

/** Which network a job goes into, given the newest that there is. */
export function chooseNetwork(
  newest: NetworkRecord | undefined,
  context: { now: Date; settings: Settings },
): NetworkChoice {
  if (newest !== undefined && takesTasks(newest, context)) return { kind: 'join' };
  // One that was ready and was lost is replaced at once; one that could not be made is not.
  if (newest?.failure === undefined || newest.readyAt !== undefined) return { kind: 'create', attempt: 1 };
  const { code, message } = newest.failure;
  const pause = retrySeconds(newest.attempt, context.settings);
  if (newest.status !== 'gone')
    return { kind: 'later', seconds: context.settings.networkPollSeconds, reason: `${code}: ${message}` };
  const retryAt = new Date(newest.goneAt ?? newest.updatedAt).getTime() + pause * 1000;
  const seconds = Math.ceil((retryAt - context.now.getTime()) / 1000);
  return seconds <= 0
    ? { kind: 'create', attempt: newest.attempt + 1 }
    : {
        kind: 'later',
        seconds: Math.min(seconds, MAX_RETRY_SECONDS),
        reason: `${code}: ${message} Tried again at ${new Date(retryAt).toISOString()}.`,
      };
}

/** Doubled with each failure in a row: a quota is raised by people, who take their time. */
function retrySeconds(attempt: number, { networkRetrySeconds }: Settings): number {
  return Math.min(networkRetrySeconds * 2 ** (attempt - 1), MAX_RETRY_SECONDS);
}

function withJobsThatNeedIt(record: NetworkRecord, { needs, now }: NetworkFacts): NetworkRecord {
  return withoutJobs(
    record,
    record.jobs.filter(jobId => needs.get(jobId) === 'leave'),
    now,
  );
}

function decideBuilding(record: NetworkRecord, facts: NetworkFacts): NetworkDecision {
  const reason = whyGivenUp(record, facts);
  if (reason !== undefined) return takeDown(record, { now: facts.now, ...reason });
  const plan = planBuild(record, facts);
  if (plan.complete) {
    const { waitingFor: _done, ...rest } = record;
    return { kind: 'act', record: { ...rest, status: 'ready', readyAt: facts.now.toISOString() }, calls: [] };
  }
  if (plan.calls.length > 0)
    return { kind: 'act', record: withIntents(record, plan.calls, facts.now), calls: plan.calls };
  return {
    kind: 'wait',
    record: { ...record, waitingFor: plan.waitingFor },
    seconds: facts.settings.networkPollSeconds,
    launch: [],
  };
}

function whyGivenUp(
  record: NetworkRecord,
  { now, observed }: NetworkFacts,
): { failure?: NetworkFailure } | undefined {
  if (record.failure !== undefined) return { failure: record.failure };
  const failed = observed.find(({ state }) => state === 'failed');
  if (failed !== undefined)
    return { failure: failed.failure ?? { code: 'NatGatewayFailed', message: `${failed.id} failed.` } };
  if (record.jobs.length === 0) return {};
  const ageSeconds = (now.getTime() - new Date(record.createdAt).getTime()) / 1000;
  if (ageSeconds < BUILD_MINUTES * 60) return undefined;
  const message = `It was not ready within ${BUILD_MINUTES} minutes; it waited for ${record.waitingFor ?? 'nothing'}.`;
  return { failure: { code: 'NETWORK_NOT_READY', message } };
}

function decideReady(record: NetworkRecord, facts: NetworkFacts): NetworkDecision {
  const { now, settings } = facts;
  if (now >= new Date(record.expiresAt)) return takeDown(record, { now });
  const lost = facts.observed.find(({ kind, state }) => kind === 'natGateway' && state !== 'available');
  if (lost !== undefined) {
    const message = `The NAT gateway ${lost.id} is ${lost.state ?? 'not as it was'}: somebody or something has ended it.`;
    return takeDown(record, { now, failure: { code: 'NAT_GATEWAY_LOST', message } });
  }
  const wait = (next: NetworkRecord, launch: readonly string[] = []): NetworkDecision => ({
    kind: 'wait',
    record: next,
    seconds: settings.networkPollSeconds,
    launch,
  });
  if (record.jobs.length > 0 || facts.liveTasks > 0) {
    const { idleSince: _over, ...busy } = record;
    const mayLaunch = takesTasks(record, facts);
    return wait(
      busy,
      record.jobs.filter(jobId => mayLaunch && facts.needs.get(jobId) === 'launch'),
    );
  }
  if (record.idleSince === undefined) return wait({ ...record, idleSince: now.toISOString() });
  const idleSeconds = (now.getTime() - new Date(record.idleSince).getTime()) / 1000;
  return idleSeconds >= settings.networkLingerSeconds ? takeDown(record, { now }) : wait(record);
}

function takeDown(
  record: NetworkRecord,
  { now, failure }: { now: Date; failure?: NetworkFailure },
): Extract<NetworkDecision, { kind: 'act' }> {
  const next: NetworkRecord = {
    ...record,
    status: 'deleting',
    deletingSince: now.toISOString(),
    ...(failure === undefined ? {} : { failure }),
  };
  return { kind: 'act', record: next, calls: [] };
}

/** A network as it is taken down before its time; undefined when it is being taken down already. */
export function givenUp(record: NetworkRecord, now: Date): NetworkRecord | undefined {
  if (record.status !== 'building' && record.status !== 'ready') return undefined;
  // Nothing is waited for that was to lead it on.
  const { nextStepAt: _over, ...rest } = record;
  return { ...takeDown(rest, { now }).record, updatedAt: now.toISOString() };
}

function decideTeardown(record: NetworkRecord, facts: NetworkFacts): NetworkDecision {
  const { now, settings } = facts;
  const plan = planTeardown(record, facts);
  if (plan.complete) {
    const { waitingFor: _done, nextStepAt: _none, ...rest } = record;
    const gone: NetworkRecord = { ...rest, status: 'gone', goneAt: now.toISOString() };
    return { kind: 'act', record: { ...gone, cost: networkCost(gone, settings) }, calls: [] };
  }
  if (plan.calls.length > 0) return { kind: 'act', record, calls: plan.calls };
  return {
    kind: 'wait',
    record: { ...record, waitingFor: plan.waitingFor },
    seconds: pauseSeconds(record, facts),
    launch: [],
  };
}

/** Seconds until a network is looked after again that cannot go on now. */
export function pauseSeconds(
  record: NetworkRecord,
  { now, settings }: { now: Date; settings: Settings },
): number {
  const { deletingSince } = record;
  const seconds =
    deletingSince === undefined ? 0 : (now.getTime() - new Date(deletingSince).getTime()) / 1000;
  return settings.networkPollSeconds * (seconds > PATIENT_AFTER_SECONDS ? 4 : 1);
}
