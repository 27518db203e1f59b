import { z } from 'zod';
import type { Problem } from '../core/problem';
import { parseJson } from '../core/problem';
import type { Failure } from '../core/report';
import type { Log } from './log';
import type { OrderMessage, WorkerQueues } from './queues';
import { Reporter } from './reporter';

/** Of a message that is no order, what tells whose it was to be. */
const referenceSchema = z.object({ jobId: z.string(), orderId: z.string(), generation: z.int().min(1) });

/**
 * Puts a message aside that no worker of this version understands. If it says which order it is, that has failed: its
 * job then says why, instead of waiting for somebody who understands it. Anything else is shown again at once, until
 * the queue has moved it to its dead letters; otherwise that would take the better part of an hour.
 */
export async function putAside(
  message: OrderMessage,
  context: { queues: WorkerQueues; taskArn: string; deliveryId: string; log: Log },
  problems: readonly Problem[],
): Promise<'dropped' | 'left'> {
  const { queues, taskArn, deliveryId, log } = context;
  const faults = problems.map(({ pointer, fix }) => `${pointer}: ${fix}`);
  log.error('A message is no order', { messageId: message.messageId, fields: faults });
  const reference = parseJson(message.body, referenceSchema);
  if (reference.kind === 'invalid') {
    await queues.hide(message, 0);
    return 'left';
  }
  const usage = (): { cpuSeconds: number; bytesRead: number } => ({ cpuSeconds: 0, bytesRead: 0 });
  const send = queues.report.bind(queues);
  const reporter = new Reporter({ order: reference.value, deliveryId, taskArn, usage, send, log });
  await reporter.ended({ kind: 'failed', failure: unreadable(faults) });
  await queues.remove(message);
  return 'dropped';
}

function unreadable(faults: readonly string[]): Failure {
  return {
    code: 'ORDER_NOT_UNDERSTOOD',
    message: `The worker does not understand the order: ${faults.slice(0, 3).join('; ')}.`,
    fix: 'The image of the worker and the functions are of different versions: deploy again. Then retry the job.',
    retryable: true,
    blame: 'service',
  };
}
