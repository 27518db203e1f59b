import type { SQSClient } from '@aws-sdk/client-sqs';
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { parseJson } from '../../core/problem';
import type { NetworkRequests, OrderReference, Orders, Source } from '../cloud';

const referenceSchema = z.object({ jobId: z.string(), orderId: z.string(), generation: z.int() });

/** Batches of ten messages that are looked at, for whether they are stale. */
const MOST_BATCHES = 10;
/** For which they are hidden meanwhile; as long as a worker's lease. */
const LOOK_SECONDS = 120;

/** Workers look into the queue of urgent orders first. */
export function sqsOrders(sqs: SQSClient, queues: { standardUrl: string; urgentUrl: string }): Orders {
  const isEmpty = async (queueUrl: string): Promise<boolean> => {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: queueUrl,
        AttributeNames: [
          'ApproximateNumberOfMessages',
          'ApproximateNumberOfMessagesNotVisible',
          'ApproximateNumberOfMessagesDelayed',
        ],
      }),
    );
    return Object.values(Attributes ?? {}).every(count => Number(count) === 0);
  };
  return {
    async send(order, { ahead }) {
      const QueueUrl = ahead ? queues.urgentUrl : queues.standardUrl;
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(order) }));
    },
    async removeStale(isStale) {
      const counts = [queues.standardUrl, queues.urgentUrl].map(url => removeStaleFrom(sqs, url, isStale));
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    },
    async isEmpty() {
      const [standard, urgent] = await Promise.all([isEmpty(queues.standardUrl), isEmpty(queues.urgentUrl)]);
      return standard && urgent;
    },
  };
}

async function removeStaleFrom(
  sqs: SQSClient,
  QueueUrl: string,
  isStale: (order: OrderReference) => Promise<boolean>,
): Promise<number> {
  const kept: string[] = [];
  let removed = 0;
  for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: LOOK_SECONDS }),
    );
    if (Messages.length === 0) break;
    for (const { Body = '', ReceiptHandle = '' } of Messages) {
      const order = parseJson(Body, referenceSchema);
      if (order.kind === 'ok' && (await isStale(order.value))) {
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        removed += 1;
      } else kept.push(ReceiptHandle);
    }
  }
  // Only now, or the same would be received again.
  for (const ReceiptHandle of kept)
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  return removed;
}

export function sqsNetworkRequests(sqs: SQSClient, queueUrl: string): NetworkRequests {
  return {
    async ask(message, delaySeconds = 0) {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: JSON.stringify(message),
          DelaySeconds: delaySeconds,
        }),
      );
    },
  };
}

/** @param queueUrl undefined for a stage that no queue invokes */
export function sqsSource(sqs: SQSClient, queueUrl: string | undefined): Source {
  const hold = async (receiptHandles: readonly string[], seconds: number): Promise<void> => {
    if (queueUrl === undefined) throw new Error('SOURCE_QUEUE_URL is not set: no queue invokes this stage');
    const { Failed } = await sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: queueUrl,
        Entries: receiptHandles.map((ReceiptHandle, index) => ({
          ...{ Id: String(index), ReceiptHandle, VisibilityTimeout: seconds },
        })),
      }),
    );
    const [first] = Failed ?? [];
    if (first !== undefined) throw new Error(`${first.Code ?? 'An error'}: ${first.Message ?? 'no message'}`);
  };
  return { hold, hide: (receiptHandle, seconds) => hold([receiptHandle], seconds) };
}
