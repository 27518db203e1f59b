import type { CapacityProvider } from './cost/task';
import type { JobRecord, Launch } from './job';
import { numberOf } from './nat-network-record';
import type { Settings } from './settings';

/** Adds the wish for one more task to the record; the task itself is started when the wish is carried out. */
export function addLaunch(
  job: JobRecord,
  options: { reason: string; now: Date; settings: Settings },
): JobRecord {
  const launch = Math.max(0, ...job.launches.map(other => other.launch)) + 1;
  const capacityProvider = chooseCapacity(job, options.settings);
  return {
    ...job,
    launches: [
      ...job.launches,
      { launch, reason: options.reason, requestedAt: options.now.toISOString(), capacityProvider },
    ],
    pending: [...job.pending, { kind: 'launchTask', launch }],
  };
}

/** Spot, unless the policy, the manifest's priority or repeated losses of this very job speak for on-demand. */
export function chooseCapacity(job: JobRecord, settings: Settings): CapacityProvider {
  switch (settings.capacity) {
    case 'onDemand':
      return 'FARGATE';
    case 'spotOnly':
      return 'FARGATE_SPOT';
    case 'spotFirst': {
      if (job.manifest?.priority === 'urgent' || job.hurriedAt !== undefined) return 'FARGATE';
      const lost = job.launches.filter(
        ({ outcome }) => outcome === 'reclaimed' || outcome === 'noCapacity',
      ).length;
      return lost >= settings.reclaimsBeforeOnDemand ? 'FARGATE' : 'FARGATE_SPOT';
    }
  }
}

/** Capacity providers to try for one launch, in order; nothing on AWS falls back by itself. */
export function capacityPlan(launch: Launch, settings: Settings): readonly CapacityProvider[] {
  const first = launch.capacityProvider ?? 'FARGATE_SPOT';
  return first === 'FARGATE_SPOT' && settings.capacity === 'spotFirst'
    ? ['FARGATE_SPOT', 'FARGATE']
    : [first];
}

/** A launch whose task has been asked for and has not been seen to end. */
export function isLive(launch: Launch): boolean {
  return launch.endedAt === undefined;
}

/**
 * The record with the end of launches that it does not promise any more although none has come of them: whatever would
 * be counted on them would wait for ever. Their numbers are not used again, since ECS may know their tokens.
 */
export function withdrawForgotten(job: JobRecord, now: Date): JobRecord {
  const promised = new Set(job.pending.flatMap(item => (item.kind === 'launchTask' ? [item.launch] : [])));
  const isForgotten = (launch: Launch): boolean =>
    isLive(launch) && launch.taskArn === undefined && !promised.has(launch.launch);
  if (!job.launches.some(isForgotten)) return job;
  const end = { endedAt: now.toISOString(), outcome: 'withdrawn' } as const;
  return {
    ...job,
    launches: job.launches.map(launch => (isForgotten(launch) ? { ...launch, ...end } : launch)),
  };
}

/** ClientToken of a RunTask call: a call repeated after a crash finds the task that it made before. At most 64 characters. */
export function launchToken(options: {
  jobId: string;
  launch: number;
  capacityProvider: CapacityProvider;
  subnetIndex: number;
  /** Network that was made for jobs; another network is another call, which ECS would refuse under the same token. */
  networkId?: string;
}): string {
  const suffix = options.capacityProvider === 'FARGATE_SPOT' ? 's' : 'd';
  const network = options.networkId === undefined ? '' : `-${numberOf(options.networkId)}`;
  return `${options.jobId}-${options.launch}${suffix}${options.subnetIndex}${network}`;
}

export type LaunchResult =
  | { readonly kind: 'started'; readonly taskArn: string; readonly capacityProvider: CapacityProvider }
  | { readonly kind: 'noCapacity'; readonly reasons: readonly string[] }
  /** As many tasks run as may: those that are there take up the order when they come to it. */
  | { readonly kind: 'deferred'; readonly reason: string }
  /** Tasks run in networks that are made for them: the launch stays pending until there is one. */
  | { readonly kind: 'networkNotReady'; readonly reason: string; readonly waitsUntil?: string };

/** The record after a launch was carried out, or has to wait. */
export function settleLaunch(
  job: JobRecord,
  launch: number,
  { result, now, networkId }: { result: LaunchResult; now: Date; networkId?: string },
): JobRecord {
  const change = (settle: (launch: Launch) => Launch): readonly Launch[] =>
    job.launches.map(other => {
      if (other.launch !== launch) return other;
      const { waitingFor: _reason, waitsUntil: _time, ...rest } = other;
      return settle(rest);
    });
  const pending = job.pending.filter(item => !(item.kind === 'launchTask' && item.launch === launch));
  switch (result.kind) {
    case 'started': {
      const { taskArn, capacityProvider } = result;
      const place = networkId === undefined ? {} : { networkId };
      const startedAt = now.toISOString();
      return {
        ...job,
        launches: [...change(old => ({ ...old, startedAt, taskArn, capacityProvider, ...place }))],
        pending,
      };
    }
    case 'noCapacity': {
      const detail = result.reasons.join('; ');
      const endedAt = now.toISOString();
      return {
        ...job,
        launches: [...change(old => ({ ...old, endedAt, outcome: 'noCapacity', detail }))],
        pending,
      };
    }
    case 'deferred':
      return { ...job, launches: job.launches.filter(other => other.launch !== launch), pending };
    case 'networkNotReady':
      return {
        ...job,
        launches: [
          ...change(old => ({
            ...old,
            waitingFor: result.reason,
            ...(result.waitsUntil === undefined ? {} : { waitsUntil: result.waitsUntil }),
          })),
        ],
      };
  }
}
