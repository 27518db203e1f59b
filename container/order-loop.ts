import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { decideDelivery, fitsTask } from '../core/delivery';
import type { Order, OrderAccess, Ticket } from '../core/order';
import { orderSchema } from '../core/order';
import { toSourceFacts } from '../core/source-facts';
import { parseJson } from '../core/problem';
import { keepAccessFresh } from './access-renewal';
import { carryOut } from './carry-out';
import type { WorkerEnvironment } from './environment';
import { holdLease } from './lease';
import type { Log } from './log';
import { CpuMeter } from './media/cpu-meter';
import type { MediaTools } from './media/tools';
import { PartGates } from './part-gates';
import type { OrderMessage, WorkerQueues } from './queues';
import { repeat } from './repeat';
import type { Outcome, Usage } from './reporter';
import { Reporter } from './reporter';
import { SourceGate } from './source-gate';
import type { TaskIdentity } from './task-metadata';
import type { WorkerStatus } from './status/worker-status';
import { storeResult } from './store-result';
import { readTicket } from './ticket';
import { putAside } from './unreadable-order';

export interface WorkerContext {
  readonly environment: Pick<WorkerEnvironment, 'leaseSeconds' | 'lingerSeconds' | 'workFolder'>;
  readonly task: TaskIdentity;
  readonly queues: WorkerQueues;
  readonly tools: MediaTools;
  readonly status: WorkerStatus;
  readonly log: Log;
  /** Given by SIGTERM. */
  readonly stop: AbortSignal;
}

/** Seconds after which an order that needs a larger task is offered again. */
const TOO_LARGE_PAUSE_SECONDS = 2;
/** How often it is checked whether a report is due. */
const TICK_MS = 5000;

type Handled =
  /** It was carried out, or given back while that was under way. */
  | 'worked'
  /** It is over or expired, and no longer in the queue. */
  | 'dropped'
  /** It is for another worker or another time. */
  | 'left';

/** Takes orders one after another, until none came for the linger time or the worker has to stop. */
export async function drainOrders(context: WorkerContext): Promise<void> {
  const { environment, queues, stop, task } = context;
  let deliveries = 0;
  let ordersDone = 0;
  let busyUntilMs = Date.now();
  while (!stop.aborted) {
    const waitSeconds = Math.max(0, Math.ceil(environment.lingerSeconds - (Date.now() - busyUntilMs) / 1000));
    const message = await queues.receive(waitSeconds, stop);
    const handled = message && (await handle(context, message, `${task.taskId}-${deliveries + 1}`));
    if (handled === 'worked' || handled === 'dropped') {
      deliveries += 1;
      ordersDone += handled === 'worked' ? 1 : 0;
      busyUntilMs = Date.now();
      continue;
    }
    // Orders that are left to others do not keep a worker alive.
    if (!stop.aborted && Date.now() - busyUntilMs >= environment.lingerSeconds * 1000) {
      await queues.report({
        schema: 'spotreel.report/1',
        at: new Date().toISOString(),
        worker: { taskArn: task.taskArn },
        kind: 'idle',
        ordersDone,
      });
      return;
    }
  }
}

async function handle(context: WorkerContext, message: OrderMessage, deliveryId: string): Promise<Handled> {
  const { queues, log, task, stop } = context;
  const parsed = parseJson(message.body, orderSchema);
  if (parsed.kind === 'invalid')
    return putAside(message, { queues, taskArn: task.taskArn, deliveryId, log }, parsed.problems);
  const order = parsed.value;
  const orderLog = log.with({ jobId: order.jobId, orderId: order.orderId, deliveryId });
  if (!fitsTask(order, task.limits)) {
    orderLog.info('The order needs a larger task', { needs: order.needs, limits: task.limits });
    await queues.hide(message, TOO_LARGE_PAUSE_SECONDS);
    return 'left';
  }
  const answer = await readTicket(order.access.ticketUrl, stop).catch((error: unknown) => ({ error }));
  if ('error' in answer) {
    if (!stop.aborted) orderLog.warn('The order could not be begun', { error: answer.error });
    await queues.hide(message, stop.aborted ? 0 : TOO_LARGE_PAUSE_SECONDS);
    return 'left';
  }
  const decision = decideDelivery(order, answer, new Date());
  switch (decision.kind) {
    case 'stale':
      orderLog.info('The order is dropped', { reason: decision.reason });
      await queues.remove(message);
      return 'dropped';
    case 'expired':
      orderLog.info('The order is too old', { reason: decision.reason });
      await reportExpired(context, order, deliveryId);
      await queues.remove(message);
      return 'dropped';
    case 'run':
      await work(context, {
        ...{ order, message, deliveryId, access: decision.access, log: orderLog },
        inputUrls: decision.inputUrls,
      });
      return 'worked';
  }
}

async function reportExpired(context: WorkerContext, order: Order, deliveryId: string): Promise<void> {
  const { task, queues, log } = context;
  const usage = (): { cpuSeconds: number; bytesRead: number } => ({ cpuSeconds: 0, bytesRead: 0 });
  const send = queues.report.bind(queues);
  await new Reporter({ order, deliveryId, taskArn: task.taskArn, usage, send, log }).expired();
}

interface Delivery {
  readonly order: Order;
  readonly message: OrderMessage;
  readonly deliveryId: string;
  readonly access: OrderAccess;
  readonly inputUrls: Ticket['inputUrls'];
  readonly log: Log;
}

async function work(context: WorkerContext, delivery: Delivery): Promise<void> {
  const { queues, task, environment, tools, status, stop } = context;
  const { order, message, deliveryId, log } = delivery;
  let { access, inputUrls } = delivery;
  const cpu = new CpuMeter();
  const gate = await SourceGate.open({
    sourceUrl: access.sourceUrl,
    sizeBytes: order.source.sizeBytes,
    etag: order.source.etag,
  });
  const parts = await PartGates.open(order, inputUrls);
  const folder = await mkdtemp(join(environment.workFolder, 'order-'));
  // ffmpeg may be another user's, who writes there as one of the folder's group.
  await chmod(folder, 0o770);
  const usage = (): Usage => ({ cpuSeconds: cpu.seconds(), bytesRead: gate.bytesRead + parts.bytesRead });
  const reporter = new Reporter({
    order,
    deliveryId,
    taskArn: task.taskArn,
    log,
    usage,
    send: report => queues.report(report),
  });
  const done = new AbortController();
  const lease = holdLease({ queues, message, leaseSeconds: environment.leaseSeconds, log });
  const ticking = repeat(TICK_MS, async () => reporter.tick());
  let outcome: Outcome | undefined;
  status.begin(order, usage);
  try {
    log.info('The order is begun');
    await reporter.started();
    void keepAccessFresh(
      {
        order,
        access,
        log,
        ask: () => reporter.renew(),
        onRenewed: (fresh, urls) => {
          access = fresh;
          inputUrls = urls;
          gate.renew(fresh.sourceUrl);
          parts.renew(urls);
          log.info('The URLs of the order are renewed', { expiresAt: fresh.expiresAt });
        },
      },
      done.signal,
    );
    outcome = await carryOut({
      ...{ order, deliveryId, gate, parts, cpu, tools, folder, stop },
      access: () => access,
      inputUrls: () => inputUrls,
      onProgress: (percent, speed) => {
        reporter.note(percent, speed);
        status.progress(percent, speed);
      },
      onSource: source => reporter.found(toSourceFacts(source)),
    });
    // A heartbeat after the order was given back would hide it again.
    if (outcome.kind === 'returned') await lease.stop();
    const isEnd = outcome.kind === 'finished' || outcome.kind === 'planned';
    if (isEnd)
      await storeResult(reporter.ending(outcome), { folder, access: () => access, signal: done.signal, log });
    await settle(context, { delivery, outcome, reporter });
  } finally {
    status.end(outcome?.kind);
    done.abort();
    await ticking.stop();
    await lease.stop();
    await gate.close();
    await parts.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The report first: an order that is gone from the queue without a report would be lost. */
async function settle(
  { queues }: WorkerContext,
  { delivery, outcome, reporter }: { delivery: Delivery; outcome: Outcome; reporter: Reporter },
): Promise<void> {
  const { message, log } = delivery;
  if (outcome.kind === 'returned') {
    await queues.hide(message, 0);
    await reporter.ended(outcome);
    log.info('The order is given back');
    return;
  }
  await reporter.ended(outcome);
  await queues.remove(message);
  if (outcome.kind === 'failed') log.warn('The order has failed', { failure: outcome.failure });
  else if (outcome.kind === 'planned') log.info('The source is cut', { chunks: outcome.chunks.length });
  else log.info('The order is finished', { outputs: outcome.outputs.map(({ fileName }) => fileName) });
}
