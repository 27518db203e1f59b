import type { JobRecord } from './job';
import { isTerminal } from './job';
import type { MetricName } from './metrics';

export interface Measurement {
  readonly name: MetricName;
  readonly value: number;
}

/** What a change of a job's record is worth measuring; `before` undefined for a new one. */
export function metricsOfChange(before: JobRecord | undefined, after: JobRecord): readonly Measurement[] {
  const measured: Measurement[] = [];
  const count = (name: MetricName, value: number): void => {
    if (value > 0) measured.push({ name, value });
  };
  count('JobsAccepted', before === undefined && after.status === 'accepted' ? 1 : 0);
  if (isTerminal(after.status) && (before === undefined || !isTerminal(before.status))) {
    count('JobsDone', after.status === 'done' ? 1 : 0);
    count('JobsFailed', after.status === 'failed' ? 1 : 0);
    count('JobsRejected', after.status === 'rejected' ? 1 : 0);
    count('LostTaskUsd', after.usage.lostUsd ?? 0);
    if (after.status === 'done' && after.finishedAt !== undefined) {
      measured.push({
        name: 'UploadToDoneSeconds',
        value: secondsBetween(after.source?.uploadedAt ?? after.acceptedAt, after.finishedAt),
      });
    }
  }
  for (const order of after.orders) {
    const known = new Set(
      before?.orders
        .find(({ orderId }) => orderId === order.orderId)
        ?.attempts.map(({ deliveryId }) => deliveryId),
    );
    for (const attempt of order.attempts) {
      if (known.has(attempt.deliveryId)) continue;
      measured.push({
        name: 'QueueWaitSeconds',
        value: Math.max(0, secondsBetween(order.issuedAt, attempt.startedAt)),
      });
    }
  }
  const tally = (job: JobRecord | undefined, outcomes: readonly string[]): number =>
    job?.launches.filter(({ outcome }) => outcome !== undefined && outcomes.includes(outcome)).length ?? 0;
  const started = (job: JobRecord | undefined): number =>
    job?.launches.filter(({ taskArn }) => taskArn !== undefined).length ?? 0;
  count('TaskLaunches', started(after) - started(before));
  count(
    'TaskLaunchFailures',
    tally(after, ['noCapacity', 'failedToStart']) - tally(before, ['noCapacity', 'failedToStart']),
  );
  return measured;
}

function secondsBetween(from: string, to: string): number {
  return (new Date(to).getTime() - new Date(from).getTime()) / 1000;
}
