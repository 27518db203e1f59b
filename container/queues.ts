import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Report } from '../core/report';
import type { WorkerEnvironment } from './environment';

export interface OrderMessage {
  readonly body: string;
  readonly receiptHandle: string;
  readonly messageId: string;
  /** The queue that it came from. */
  readonly queueUrl: string;
}

/** The worker's whole connection to AWS. */
export interface WorkerQueues {
  /** The next order, hidden from others for the lease; undefined when none came in time or the signal was given. */
  receive(waitSeconds: number, signal: AbortSignal): Promise<OrderMessage | undefined>;
  /** Hides the order for so many seconds from now, 0 shows it to others at once. */
  hide(message: OrderMessage, seconds: number): Promise<'hidden' | 'gone'>;
  remove(message: OrderMessage): Promise<void>;
  report(report: Report): Promise<void>;
}

/** SQS's longest is 20; urgent orders are not looked for meanwhile. */
const LONGEST_WAIT_SECONDS = 5;
/** Names under which SQS says that a message is not in this worker's hands any more. */
const GONE_ERRORS: readonly string[] = [
  'ReceiptHandleIsInvalid',
  'MessageNotInflight',
  'InvalidParameterValue',
];

export function sqsQueues(
  environment: WorkerEnvironment,
  sqs = new SQSClient({ maxAttempts: 6 }),
): WorkerQueues {
  const { orderQueueUrl, urgentOrderQueueUrl, reportQueueUrl, leaseSeconds } = environment;
  const receiveFrom = async (
    queueUrl: string,
    { waitSeconds, signal }: { waitSeconds: number; signal: AbortSignal },
  ): Promise<OrderMessage | undefined> => {
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 1,
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: leaseSeconds,
    });
    const answer = await sqs.send(command, { abortSignal: signal }).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    const message = answer?.Messages?.[0];
    if (message === undefined) return undefined;
    return {
      body: message.Body ?? '',
      receiptHandle: message.ReceiptHandle ?? '',
      messageId: message.MessageId ?? '',
      queueUrl,
    };
  };
  return {
    async receive(waitSeconds, signal) {
      const urgent = await receiveFrom(urgentOrderQueueUrl, { waitSeconds: 0, signal });
      if (urgent !== undefined || signal.aborted) return urgent;
      return receiveFrom(orderQueueUrl, { waitSeconds: Math.min(waitSeconds, LONGEST_WAIT_SECONDS), signal });
    },
    async hide({ receiptHandle, queueUrl }, seconds) {
      try {
        await sqs.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl: queueUrl,
            ReceiptHandle: receiptHandle,
            VisibilityTimeout: seconds,
          }),
        );
        return 'hidden';
      } catch (error) {
        if (error instanceof Error && GONE_ERRORS.includes(error.name)) return 'gone';
        throw error;
      }
    },
    async remove({ receiptHandle, queueUrl }) {
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle }));
    },
    async report(report) {
      await sqs.send(
        new SendMessageCommand({ QueueUrl: reportQueueUrl, MessageBody: JSON.stringify(report) }),
      );
    },
  };
}
