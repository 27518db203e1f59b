import { join } from 'node:path';
import { z } from 'zod';
import type { QueueModel } from '../template';
import type { Authorize, Keyring, LocalService } from '../types';
import { noSuchQueue } from './errors';
import { answer } from './http';
import { messagesOf, Queues, type ReceivedMessage } from './queues';

export type { ReceivedMessage } from './queues';

export interface SqsOptions {
  /** The messages are kept in `sqs.jsonl` in here. */
  readonly dataDir: string;
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly keyring: Keyring;
  readonly authorize: Authorize;
  /** Default: the machine's clock. */
  readonly now?: () => Date;
  readonly queues: readonly QueueModel[];
}

/** Messages of a queue, by what can become of them. */
export interface QueueDepth {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** SQS for AWS clients, and for the parts of the cloud that AWS itself would call it from. */
export interface LocalSqs extends LocalService {
  send(queueArn: string, body: string): Promise<void>;
  /** Waits up to 20 seconds for the first message; the signal ends the wait early. */
  receive(queueArn: string, options: { limit: number; signal: AbortSignal }): Promise<ReceivedMessage[]>;
  delete(queueArn: string, receiptHandle: string): Promise<void>;
  /** By queue name. */
  depths(): Promise<Record<string, QueueDepth>>;
  close(): Promise<void>;
}

const attributesSchema = z.object({ Attributes: z.record(z.string(), z.coerce.number()) });

const DEPTH_ATTRIBUTES = {
  visible: 'ApproximateNumberOfMessages',
  inFlight: 'ApproximateNumberOfMessagesNotVisible',
  delayed: 'ApproximateNumberOfMessagesDelayed',
} as const;

export async function createSqs(options: SqsOptions): Promise<LocalSqs> {
  const queues = await Queues.open(options.queues, join(options.dataDir, 'sqs.jsonl'));
  const nameOf = (arn: string): string => {
    const queue = options.queues.find(model => model.arn === arn);
    if (!queue) throw noSuchQueue();
    return queue.name;
  };
  return {
    handle: (request, response) => answer({ options, queues }, { request, response }),
    send: async (arn, body) => {
      await queues.call({ action: 'SendMessage', queueName: nameOf(arn), input: sendInput(arn, body) });
    },
    receive: async (arn, { limit, signal }) =>
      messagesOf(
        await queues.call({
          action: 'ReceiveMessage',
          queueName: nameOf(arn),
          input: {
            MaxNumberOfMessages: limit,
            WaitTimeSeconds: 20,
            MessageSystemAttributeNames: ['All'],
            MessageAttributeNames: ['All'],
          },
          signal,
        }),
      ),
    delete: async (arn, receiptHandle) => {
      const input = { ReceiptHandle: receiptHandle };
      await queues.call({ action: 'DeleteMessage', queueName: nameOf(arn), input });
    },
    depths: async () =>
      Object.fromEntries(
        await Promise.all(
          options.queues.map(async ({ name }) => [name, await depthOf(queues, name)] as const),
        ),
      ),
    close: () => queues.close(),
  };
}

/** A FIFO queue needs a group; what AWS sends to one by itself has one group only. */
function sendInput(arn: string, body: string): Record<string, string> {
  return arn.endsWith('.fifo') ? { MessageBody: body, MessageGroupId: 'default' } : { MessageBody: body };
}

async function depthOf(queues: Queues, queueName: string): Promise<QueueDepth> {
  const input = { AttributeNames: Object.values(DEPTH_ATTRIBUTES) };
  const output = await queues.call({ action: 'GetQueueAttributes', queueName, input });
  const { Attributes } = attributesSchema.parse(output);
  const count = (name: keyof typeof DEPTH_ATTRIBUTES): number => Attributes[DEPTH_ATTRIBUTES[name]] ?? 0;
  return { visible: count('visible'), inFlight: count('inFlight'), delayed: count('delayed') };
}
