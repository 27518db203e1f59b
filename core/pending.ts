import type { JobRecord, Pending } from './job';

/** Seconds after which any handler does what another promised and did not do: it was refused or died. Publishing takes longer and is left to the sweep. */
const OVERDUE_SECONDS = 30;

export function isSamePending(a: Pending, b: Pending): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** When something was promised, in milliseconds since 1970. */
export function promisedAtMs(job: JobRecord, item: Pending): number {
  return Date.parse(promisedAt(job, item) ?? job.updatedAt);
}

/** What a handler does of a record's promises: its own, and what others left undone. The rest is in other hands at this moment. */
export function duePending(
  job: JobRecord,
  { before, now }: { before: readonly Pending[]; now: Date },
): Pending[] {
  return job.pending.filter(item => {
    const isOwn = !before.some(other => isSamePending(other, item));
    const ageSeconds = (now.getTime() - promisedAtMs(job, item)) / 1000;
    return isOwn || (item.kind !== 'publish' && ageSeconds >= OVERDUE_SECONDS);
  });
}

function promisedAt(job: JobRecord, item: Pending): string | undefined {
  switch (item.kind) {
    case 'issueOrder':
      return job.orders.find(({ orderId }) => orderId === item.orderId)?.issuedAt;
    case 'launchTask':
      return job.launches.find(({ launch }) => launch === item.launch)?.requestedAt;
    case 'publish':
      return job.orders
        .find(({ orderId }) => orderId === item.orderId)
        ?.attempts.findLast(({ outcome }) => outcome === 'finished')?.endedAt;
  }
}
