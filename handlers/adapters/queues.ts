import type { SQSClient } from '@aws-sdk/client-sqs';
import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { NetworkRequests, Orders, Source } from '../cloud';

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
    async isEmpty() {
      const [standard, urgent] = await Promise.all([isEmpty(queues.standardUrl), isEmpty(queues.urgentUrl)]);
      return standard && urgent;
    },
  };
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
