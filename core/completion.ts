import type { Decision, Now } from './attempts';
import {
  changed,
  endAttempt,
  endJob,
  ensureLaunch,
  findOrder,
  isRunning,
  leaveToLaterGeneration,
  noteAttempt,
  reissue,
  retryOrFail,
  sealed,
  supersedeRunning,
  unchanged,
  withOrder,
} from './attempts';
import { addChunkOrders } from './chunked-job';
import type { JobRecord, OrderState, PublishedOutput } from './job';
import { isTerminal } from './job';
import type { Failure, OrderReport } from './report';
import { checkResult } from './verify';

/** What a worker's report means for the job that its order belongs to. */
export function decideReport(job: JobRecord, report: OrderReport, context: Now): Decision {
  const { taskArn } = report.worker;
  const forget = { kind: 'noteTask', taskArn, inHand: null } as const;
  if (isTerminal(job.status)) {
    // A worker that was believed dead, or whose job was ended meanwhile: what it does is of no use any more.
    const working = report.kind === 'started' || report.kind === 'progress' || report.kind === 'renew';
    return unchanged(
      `the job is ${job.status}`,
      working ? [{ kind: 'stopTask', taskArn, reason: `job ${job.jobId} is ${job.status}` }] : [forget],
    );
  }
  const before = findOrder(job, report.orderId);
  if (before === undefined) return unchanged(`the job has no order ${report.orderId}`);
  if (report.kind === 'expired') return decideExpired(job, before, { report, context });

  const ended = before.attempts.some(
    attempt => attempt.deliveryId === report.deliveryId && !isRunning(attempt),
  );
  // A result counts even from an attempt that was given up: it is verified like any other, and the first valid one wins.
  const counts = !ended || (report.kind === 'finished' && checkResult(job, before, report) === undefined);
  if (!counts || before.state === 'finished') return unchanged('this attempt has ended', [forget]);

  const order = noteAttempt(before, report);
  const noted = withOrder(job, order);
  switch (report.kind) {
    case 'started': {
      const running = withOrder({ ...job, status: 'running' }, { ...order, state: 'running' });
      return changed(sealed(running, context), [
        {
          kind: 'noteTask',
          taskArn,
          inHand: { jobId: job.jobId, orderId: report.orderId, deliveryId: report.deliveryId },
        },
      ]);
    }
    case 'progress':
      return withinCostLimit(
        withOrder({ ...noted, status: 'running' }, { ...order, state: 'running' }),
        context,
      );
    case 'renew':
      return changed(sealed(noted, context), [
        { kind: 'renewAccess', orderId: report.orderId, generation: report.generation },
      ]);
    case 'returned': {
      const returned = endAttempt(order, report.deliveryId, { outcome: 'returned', now: context.now });
      const queued = othersRun(returned, report.deliveryId)
        ? returned
        : { ...returned, state: 'queued' as const };
      return changed(
        sealed(ensureLaunch(withOrder(job, queued), { ...context, reason: 'returned' }), context),
        [forget],
      );
    }
    case 'failed': {
      const left = report.failure.retryable
        ? leaveToLaterGeneration(job, order, { deliveryId: report.deliveryId, now: context.now })
        : undefined;
      if (left !== undefined) return changed(sealed(left, context), [forget]);
      const failed = endAttempt(order, report.deliveryId, {
        outcome: 'failed',
        now: context.now,
        failure: report.failure,
      });
      const next = withFacts(withOrder(job, failed), report.source);
      return changed(
        sealed(
          retryOrFail(next, report.orderId, { ...context, reason: 'failed', failure: report.failure }),
          context,
        ),
        [forget],
      );
    }
    case 'planned': {
      const ended = endAttempt(order, report.deliveryId, { outcome: 'finished', now: context.now });
      const planned = withOrder(job, supersedeRunning({ ...ended, state: 'finished' }, context.now));
      return changed(
        sealed(addChunkOrders(withFacts(planned, report.source), report.chunks, context), context),
        [forget],
      );
    }
    case 'finished':
      return decideFinished(job, order, { report, context });
  }
}

function decideFinished(
  job: JobRecord,
  order: OrderState,
  { report, context }: { report: Extract<OrderReport, { kind: 'finished' }>; context: Now },
): Decision {
  const forget = { kind: 'noteTask', taskArn: report.worker.taskArn, inHand: null } as const;
  const wrong = checkResult(job, order, report);
  if (wrong !== undefined) {
    const failure = resultFailure(wrong);
    const failed = endAttempt(order, report.deliveryId, { outcome: 'failed', now: context.now, failure });
    return changed(
      sealed(
        retryOrFail(withOrder(job, failed), order.orderId, { ...context, reason: 'failed', failure }),
        context,
      ),
      [forget],
    );
  }
  const ended = endAttempt(order, report.deliveryId, { outcome: 'finished', now: context.now });
  // Others that still work on the same order are of no use any more; their next report stops their task.
  const finished: OrderState = supersedeRunning({ ...ended, state: 'finished' }, context.now);
  const publishing: JobRecord = {
    ...withFacts(withOrder(job, finished), report.source),
    status: 'publishing',
    results: report.outputs,
    pending: [{ kind: 'publish', orderId: order.orderId }],
  };
  return changed(sealed(publishing, context), [forget]);
}

/** The order's URLs were too old when a worker took it up: no failure, it is issued anew. */
function decideExpired(
  job: JobRecord,
  order: OrderState,
  { report, context }: { report: OrderReport; context: Now },
): Decision {
  if (order.state === 'finished' || report.generation !== order.generation)
    return unchanged('another generation of the order is out');
  return changed(sealed(reissue(job, order.orderId, { ...context, reason: 'expired' }), context));
}

export type PublishResult =
  | { readonly kind: 'published'; readonly outputs: readonly PublishedOutput[] }
  /** What a worker stored is not what it reported. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** A later upload of the same video has been published meanwhile: older renditions must not replace its. */
  | { readonly kind: 'superseded'; readonly byJobId: string };

/** The end of a job whose outputs lie in the outbox, or another attempt when they turned out to be wrong. */
export function settlePublish(
  job: JobRecord,
  orderId: string,
  { result, context }: { result: PublishResult; context: Now },
): JobRecord {
  if (result.kind === 'published') {
    return sealed(
      {
        ...job,
        status: 'done',
        finishedAt: context.now.toISOString(),
        outputs: [...result.outputs],
        pending: [],
      },
      context,
    );
  }
  if (result.kind === 'superseded')
    return sealed(cancelSuperseded(job, { byJobId: result.byJobId, now: context.now }), context);
  const order = findOrder(job, orderId);
  const finishing = order?.attempts.findLast(({ outcome }) => outcome === 'finished');
  if (order === undefined || finishing === undefined) return job;
  const failure = resultFailure(result.reason);
  const failed: OrderState = {
    ...endAttempt(order, finishing.deliveryId, { outcome: 'failed', now: context.now, failure }),
    state: 'running',
  };
  const { results, ...rest } = withOrder({ ...job, status: 'running', pending: [] }, failed);
  return sealed(retryOrFail(rest, orderId, { ...context, reason: 'refused', failure }), context);
}

function cancelSuperseded(job: JobRecord, { byJobId, now }: { byJobId: string; now: Date }): JobRecord {
  const failure: Failure = {
    code: 'SUPERSEDED',
    message: `Job ${byJobId}, made of a later upload of the same video, was published first.`,
    fix: 'Nothing: the outbox holds what came of the later upload.',
    retryable: false,
    blame: 'source',
  };
  return { ...job, status: 'cancelled', finishedAt: now.toISOString(), failure, pending: [] };
}

function resultFailure(reason: string): Failure {
  return {
    code: 'RESULT_NOT_VERIFIED',
    message: `What the worker stored did not pass the checks: ${reason}.`,
    fix: 'Upload the video again. If it happens again, the runbook says where to look.',
    retryable: true,
    blame: 'service',
  };
}

function withinCostLimit(job: JobRecord, context: Now): Decision {
  const next = sealed(job, context);
  const limit = next.manifest?.costLimitUsd;
  if (limit === undefined || next.usage.estimatedUsd <= limit) return changed(next);
  const failure: Failure = {
    code: 'COST_LIMIT_REACHED',
    message: `The job has used ${next.usage.estimatedUsd.toFixed(4)} USD of Fargate time; its manifest allows ${limit} USD.`,
    fix: 'Raise costLimitUsd in the manifest and upload it again, or choose a cheaper preset.',
    retryable: false,
    blame: 'limit',
  };
  return changed(endJob(next, { failure, now: context.now }), stopAll(next, 'cost limit reached'));
}

/** Stops every task that has an order of the job in hand. */
export function stopAll(
  job: JobRecord,
  reason: string,
): { kind: 'stopTask'; taskArn: string; reason: string }[] {
  const tasks = new Set(
    job.orders.flatMap(order => order.attempts.filter(isRunning).map(({ taskArn }) => taskArn)),
  );
  return [...tasks].map(taskArn => ({ kind: 'stopTask', taskArn, reason }));
}

function othersRun(order: OrderState, deliveryId: string): boolean {
  return order.attempts.some(attempt => attempt.deliveryId !== deliveryId && isRunning(attempt));
}

function withFacts(job: JobRecord, facts: NonNullable<JobRecord['source']>['facts']): JobRecord {
  return job.source === undefined || facts === undefined ? job : { ...job, source: { ...job.source, facts } };
}
