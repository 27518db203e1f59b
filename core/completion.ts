import type { Act, Decision, Now } from './attempts';
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
import { addChunkOrders, advance } from './chunked-job';
import { checkCost, foreseeTooDear } from './cost-limit';
import { hurryIfLate } from './deadline';
import type { JobRecord, OrderState, PublishedOutput } from './job';
import { isTerminal } from './job';
import { isLive } from './launch';
import type { Failure, OrderReport } from './report';
import { checkPlan, checkResult } from './verify';
import { encodeWholeInstead, forbidsCutting, isOfCutGivenUp } from './whole-instead';

/** What a worker's report means for the job that its order belongs to. */
export function decideReport(job: JobRecord, report: OrderReport, context: Now): Decision {
  const { taskArn } = report.worker;
  const forget = forgetTask(report);
  const before = findOrder(job, report.orderId);
  if (isTerminal(job.status)) {
    const working = report.kind === 'started' || report.kind === 'progress' || report.kind === 'renew';
    if (!working) return unchanged(`the job is ${job.status}`, [forget]);
    const attempt = before?.attempts.find(({ deliveryId }) => deliveryId === report.deliveryId);
    // Reports overtake each other: a worker that has said how it ended works for another job by now.
    if (attempt?.outcome === 'finished') return unchanged('this attempt has ended');
    // A worker that was believed dead, or whose job was ended meanwhile: what it does is of no use any more.
    const reason = `job ${job.jobId} is ${job.status}`;
    return unchanged(`the job is ${job.status}`, [{ kind: 'stopTask', taskArn, reason }]);
  }
  if (before === undefined) return unchanged(`the job has no order ${report.orderId}`);
  if (isOfCutGivenUp(job, before)) return unchanged('the source is encoded whole instead', [forget]);
  if (report.kind === 'expired') return decideExpired(job, before, { report, context });

  const known = before.attempts.find(({ deliveryId }) => deliveryId === report.deliveryId);
  const ended = known !== undefined && !isRunning(known);
  // A result counts even from an attempt that was given up: it is verified like any other, and the first valid one
  // wins. Not one that was refused: it does not get better.
  const counts = !ended || (known.outcome !== 'failed' && isValid(job, before, report));
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
    case 'progress': {
      const running = withOrder({ ...noted, status: 'running' }, { ...order, state: 'running' });
      return withinCostLimit(withFacts(running, report.source), context, {
        foreseen: report.source !== undefined,
      });
    }
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
      if (job.cut !== undefined && forbidsCutting(report.failure)) {
        const whole = encodeWholeInstead(next, report.failure.message, context);
        return changed(sealed(whole.job, context), [forget, ...whole.acts]);
      }
      return changed(
        sealed(
          retryOrFail(next, report.orderId, { ...context, reason: 'failed', failure: report.failure }),
          context,
        ),
        [forget],
      );
    }
    case 'planned':
      return decidePlanned(job, order, { report, context });
    case 'finished':
      return decideFinished(job, order, { report, context });
  }
}

/** Whether a report ends its order well. */
function isValid(job: JobRecord, order: OrderState, report: OrderReport): boolean {
  if (report.kind === 'planned') return checkPlan(order, report) === undefined;
  return report.kind === 'finished' && checkResult(job, order, report) === undefined;
}

/** The source is long: it is cut, and its parts are orders of their own. */
function decidePlanned(
  job: JobRecord,
  order: OrderState,
  { report, context }: { report: Extract<OrderReport, { kind: 'planned' }>; context: Now },
): Decision {
  const wrong = checkPlan(order, report);
  if (wrong !== undefined) return notVerified(job, order, { wrong, report, context });
  const planned = withFacts(
    withOrder(job, finishOrder(order, report.deliveryId, context.now)),
    report.source,
  );
  const next = { ...planned, status: 'running' } as const;
  const tooDear = foreseeTooDear(next, context);
  return changed(
    sealed(
      tooDear === undefined
        ? addChunkOrders(next, report, context)
        : endJob(next, { failure: tooDear, now: context.now }),
      context,
    ),
    [forgetTask(report), { kind: 'closeOrder', orderId: order.orderId }],
  );
}

function decideFinished(
  job: JobRecord,
  order: OrderState,
  { report, context }: { report: Extract<OrderReport, { kind: 'finished' }>; context: Now },
): Decision {
  const wrong = checkResult(job, order, report);
  if (wrong !== undefined) return notVerified(job, order, { wrong, report, context });
  const finished = finishOrder(order, report.deliveryId, context.now);
  const known = withFacts(job, report.source);
  if (order.work.kind !== 'encode-whole' && order.work.kind !== 'add-captions') {
    const { outputs: results } = report;
    const acts = [forgetTask(report), { kind: 'closeOrder', orderId: order.orderId }] as const;
    const pending = job.pending.filter(item => !('orderId' in item && item.orderId === order.orderId));
    const made = withOrder({ ...known, status: 'running', pending }, { ...finished, results });
    const next = advance(hurryIfLate(made, context), context);
    return next.status === 'publishing'
      ? changed(sealed(next, context), acts)
      : withinCostLimit(next, context, { acts });
  }
  const publishing: JobRecord = {
    ...withOrder(known, finished),
    ...(report.wholeBecause === undefined ? {} : { wholeBecause: report.wholeBecause }),
    status: 'publishing',
    results: report.outputs,
    pending: [{ kind: 'publish', orderId: order.orderId }],
  };
  return changed(sealed(publishing, context), [forgetTask(report)]);
}

/** Others that still work on the same order are of no use any more. */
function finishOrder(order: OrderState, deliveryId: string, now: Date): OrderState {
  const ended = endAttempt(order, deliveryId, { outcome: 'finished', now });
  return supersedeRunning({ ...ended, state: 'finished' }, now);
}

function notVerified(
  job: JobRecord,
  order: OrderState,
  { wrong, report, context }: { wrong: string; report: OrderReport; context: Now },
): Decision {
  const failure = resultFailure(wrong);
  const failed = endAttempt(order, report.deliveryId, { outcome: 'failed', now: context.now, failure });
  const next = retryOrFail(withOrder(job, failed), order.orderId, { ...context, reason: 'failed', failure });
  return changed(sealed(next, context), [forgetTask(report)]);
}

function forgetTask({ worker, deliveryId }: OrderReport): Act {
  return { kind: 'noteIdle', taskArn: worker.taskArn, deliveryId };
}

/** The order's URLs were too old when a worker took it up: no failure, it is issued anew. */
function decideExpired(
  job: JobRecord,
  order: OrderState,
  { report, context }: { report: OrderReport; context: Now },
): Decision {
  if (order.state === 'finished' || report.generation !== order.generation)
    return unchanged('another generation of the order is out');
  // At the end of a long queue its fresh URLs would end as the old ones did.
  const again = reissue(job, order.orderId, { ...context, reason: 'expired', ahead: true });
  return changed(sealed(again, context));
}

export type PublishResult =
  | { readonly kind: 'published'; readonly outputs: readonly PublishedOutput[] }
  /** What a worker stored is not what it reported. */
  | { readonly kind: 'refused'; readonly reason: string; readonly key?: string }
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
        outputs: withOutputs(job.outputs, result.outputs),
        pending: [],
      },
      context,
    );
  }
  if (result.kind === 'superseded')
    return sealed(cancelSuperseded(job, { byJobId: result.byJobId, now: context.now }), context);
  const order = makerOf(job, result.key) ?? findOrder(job, orderId);
  if (order === undefined) return job;
  const failure = resultFailure(result.reason);
  const finishing = order.attempts.findLast(({ outcome }) => outcome === 'finished');
  const { results: _wrong, ...without } = order;
  const failed: OrderState = {
    // An order that was taken over from an earlier job has no attempt in this one.
    ...(finishing === undefined
      ? without
      : endAttempt(without, finishing.deliveryId, { outcome: 'failed', now: context.now, failure })),
    state: 'running',
  };
  const { results, ...rest } = withOrder({ ...job, status: 'running', pending: [] }, failed);
  return sealed(retryOrFail(rest, order.orderId, { ...context, reason: 'refused', failure }), context);
}

/** The order of a cut job that made a file. */
function makerOf(job: JobRecord, key: string | undefined): OrderState | undefined {
  return job.orders.find(({ results }) => results?.some(other => other.key === key));
}

/** What was published before, by the job that this one adds to, with what has come. */
function withOutputs(before: readonly PublishedOutput[], now: readonly PublishedOutput[]): PublishedOutput[] {
  const replaced = new Set(now.map(({ key }) => key));
  return [...before.filter(({ key }) => !replaced.has(key)), ...now];
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

/** What a worker made, or says that it made, is not what it should be. */
export function resultFailure(reason: string): Failure {
  return {
    code: 'RESULT_NOT_VERIFIED',
    message: `What the worker stored did not pass the checks: ${reason}.`,
    fix: 'Upload the video again. If it happens again, the runbook says where to look.',
    retryable: true,
    blame: 'service',
  };
}

/** @param foreseen whether what the job will cost has just become known */
function withinCostLimit(
  job: JobRecord,
  context: Now,
  { acts = [], foreseen = false }: { readonly acts?: readonly Act[]; readonly foreseen?: boolean } = {},
): Decision {
  const next = sealed(job, context);
  const failure = (foreseen ? foreseeTooDear(next, context) : undefined) ?? checkCost(next);
  return failure === undefined
    ? changed(next, acts)
    : changed(sealed(endJob(next, { failure, now: context.now }), context), [
        ...acts,
        ...stopAll(next, 'cost limit reached'),
      ]);
}

/** Stops every task that has an order of the job in hand. */
export function stopAll(job: JobRecord, reason: string): Extract<Act, { kind: 'stopTask' }>[] {
  const tasks = new Set(
    job.orders.flatMap(order => order.attempts.filter(isRunning).map(({ taskArn }) => taskArn)),
  );
  return [...tasks].map(taskArn => ({ kind: 'stopTask', taskArn, reason }));
}

/** The same, and those that were started for it and have not come to any order yet. */
export function stopAllStarted(job: JobRecord, reason: string): Act[] {
  const served = new Set(job.orders.flatMap(({ attempts }) => attempts.map(({ taskArn }) => taskArn)));
  const unused = job.launches.flatMap(launch =>
    isLive(launch) && launch.taskArn !== undefined && !served.has(launch.taskArn) ? [launch.taskArn] : [],
  );
  return [
    ...stopAll(job, reason),
    ...unused.map(taskArn => ({ kind: 'stopUnused', taskArn, reason }) as const),
  ];
}

function othersRun(order: OrderState, deliveryId: string): boolean {
  return order.attempts.some(attempt => attempt.deliveryId !== deliveryId && isRunning(attempt));
}

function withFacts(job: JobRecord, facts: NonNullable<JobRecord['source']>['facts']): JobRecord {
  return job.source === undefined || facts === undefined ? job : { ...job, source: { ...job.source, facts } };
}
