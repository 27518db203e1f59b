import type { Attempt, JobRecord, Launch, OrderState } from '../../core/job';
import { formatSeconds } from '../units';

export interface TimelineEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly text: string;
}

/** What happened to a job, in the order of time. */
export function timelineOf(job: JobRecord): TimelineEntry[] {
  const entries = [
    ...(job.source === undefined ? [] : [{ at: job.source.uploadedAt, text: 'video uploaded' }]),
    { at: job.acceptedAt, text: acceptance(job) },
    ...job.orders.flatMap(order => order.attempts.flatMap(attempt => attemptEntries(order.orderId, attempt))),
    ...job.orders.flatMap(earlierEntries),
    ...job.launches.flatMap(launchEntries),
    ...(job.finishedAt === undefined ? [] : [{ at: job.finishedAt, text: job.status }]),
  ];
  // Times of one moment stay as they are here, which is the order of cause and effect.
  return entries.sort((a, b) => a.at.localeCompare(b.at));
}

function acceptance(job: JobRecord): string {
  if (job.retryOf !== undefined) return `accepted again, as job ${job.retryOf} was not done`;
  return job.orders.length === 0 ? 'looked at' : 'accepted';
}

function launchEntries(launch: Launch): TimelineEntry[] {
  const name = `task ${launch.launch}`;
  const task = launch.taskArn === undefined ? '' : `: ${shortId(launch.taskArn)}`;
  const capacity = launch.capacityProvider === 'FARGATE' ? 'on-demand' : 'Spot';
  const why = launch.reason === 'accepted' ? '' : ` (reason: ${launch.reason})`;
  const network = launch.networkId === undefined ? '' : ` in ${launch.networkId}`;
  const waits = launch.waitingFor === undefined ? '' : `, waits: ${launch.waitingFor}`;
  return [
    { at: launch.requestedAt, text: `${name} asked for on ${capacity}${why}${task}${network}${waits}` },
    ...(launch.endedAt === undefined
      ? []
      : [
          {
            at: launch.endedAt,
            text: `${name} ended: ${launch.outcome ?? 'unknown'}${launch.detail === undefined ? '' : `, ${launch.detail}`}`,
          },
        ]),
  ];
}

function attemptEntries(orderId: string, attempt: Attempt): TimelineEntry[] {
  const name = `order ${orderId}`;
  const held = `${formatSeconds(attempt.heldSeconds)}, ${formatSeconds(attempt.cpuSeconds)} of CPU time`;
  const why = attempt.failure === undefined ? '' : `: ${attempt.failure.message}`;
  return [
    {
      at: attempt.startedAt,
      text: `${name} taken up by ${shortId(attempt.taskArn)}${attempt.statusUrl === undefined ? '' : `, which shows its progress at ${attempt.statusUrl}`}`,
    },
    attempt.endedAt === undefined
      ? {
          at: attempt.lastReportAt,
          text: `${name} at ${Math.round(attempt.percent)} % after ${held}`,
        }
      : { at: attempt.endedAt, text: `${name} ${attempt.outcome ?? 'ended'} after ${held}${why}` },
  ];
}

/** Attempts that are kept as a sum only. */
function earlierEntries({ orderId, issuedAt, earlier }: OrderState): TimelineEntry[] {
  if (earlier === undefined) return [];
  const { attempts, heldSeconds } = earlier;
  return [
    {
      at: issuedAt,
      text: `order ${orderId} was lost ${attempts} times before, ${formatSeconds(heldSeconds)} in all`,
    },
  ];
}

/** Enough of a task's id to tell it from others. */
function shortId(taskArn: string): string {
  return (taskArn.split('/').at(-1) ?? taskArn).slice(0, 8);
}
