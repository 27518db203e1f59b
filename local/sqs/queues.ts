import { z } from 'zod';
import type { QueueModel } from '../template';
import { startBroker, type Broker, type SqsMembers } from './broker';
import { Journal, type KeptMessage } from './journal';

/** Long polls are made of short ones, so that a client that has gone takes no message with it. */
const POLL_SECONDS = 1;

const batchEntries = z.array(z.looseObject({ Id: z.string() }));
const sentEntries = z.array(z.object({ Id: z.string(), MessageId: z.string() }));

const receivedSchema = z.looseObject({
  MessageId: z.string(),
  ReceiptHandle: z.string(),
  Body: z.string(),
  MD5OfBody: z.string(),
  Attributes: z.record(z.string(), z.string()).optional(),
  MessageAttributes: z.record(z.string(), z.looseObject({ DataType: z.string() })).optional(),
});

/** A message as `ReceiveMessage` answers it. */
export type ReceivedMessage = z.infer<typeof receivedSchema>;

interface QueueOperation {
  readonly action: string;
  readonly queueName: string;
  readonly input: SqsMembers;
  /** Ends a long poll early. */
  readonly signal?: AbortSignal;
}

/** Queues whose messages survive a restart. */
export class Queues {
  readonly #broker: Broker;
  readonly #journal: Journal;

  private constructor(broker: Broker, journal: Journal) {
    this.#broker = broker;
    this.#journal = journal;
  }

  static async open(models: readonly QueueModel[], journalPath: string): Promise<Queues> {
    const broker = await startBroker(models);
    const journal = await Journal.open(journalPath, async (opened, message) => {
      const queueName = queueAfterRestart(models, message);
      if (queueName === undefined) return;
      const resent = { action: 'SendMessage', queueName, input: message.input };
      await new Queues(broker, opened).call(resent);
    });
    return new Queues(broker, journal);
  }

  /** Carries out any operation on one queue; throws SqsError as SQS would answer it. */
  async call(operation: QueueOperation): Promise<SqsMembers> {
    if (operation.action === 'ReceiveMessage') return this.#receive(operation);
    const output = await this.#broker.call(operation);
    this.#record(operation, output);
    return output;
  }

  async close(): Promise<void> {
    await this.#broker.close();
    this.#journal.close();
  }

  async #receive(operation: QueueOperation): Promise<SqsMembers> {
    const waitSeconds = await this.#waitSeconds(operation);
    const deadline = Date.now() + waitSeconds * 1000;
    for (;;) {
      const left = Math.max(0, Math.ceil((deadline - Date.now()) / 1000));
      const input = { ...operation.input, WaitTimeSeconds: Math.min(left, POLL_SECONDS) };
      const output = await this.#broker.call({ ...operation, input });
      const messages = z.array(receivedSchema).parse(output['Messages'] ?? []);
      for (const { MessageId, ReceiptHandle } of messages) this.#journal.received(MessageId, ReceiptHandle);
      if (messages.length > 0 || Date.now() >= deadline || operation.signal?.aborted) return output;
    }
  }

  async #waitSeconds({ queueName, input }: QueueOperation): Promise<number> {
    const asked = input['WaitTimeSeconds'];
    if (typeof asked === 'number') return Math.min(asked, 20);
    const name = 'ReceiveMessageWaitTimeSeconds';
    const output = await this.#broker.call({
      action: 'GetQueueAttributes',
      queueName,
      input: { AttributeNames: [name] },
    });
    return Number((output['Attributes'] as Record<string, string> | undefined)?.[name] ?? 0);
  }

  #record({ action, queueName, input }: QueueOperation, output: SqsMembers): void {
    switch (action) {
      case 'SendMessage':
        this.#journal.sent(String(output['MessageId']), { queueName, input: withoutUrl(input) });
        return;
      case 'SendMessageBatch':
        this.#recordBatch(queueName, input, output);
        return;
      case 'DeleteMessage':
        this.#journal.deleted(String(input['ReceiptHandle']));
        return;
      case 'DeleteMessageBatch':
        for (const entry of batchEntries.parse(input['Entries'])) {
          this.#journal.deleted(String(entry['ReceiptHandle']));
        }
        return;
      case 'PurgeQueue':
        this.#journal.purged(queueName);
    }
  }

  #recordBatch(queueName: string, input: SqsMembers, output: SqsMembers): void {
    const entries = new Map(batchEntries.parse(input['Entries']).map(({ Id, ...entry }) => [Id, entry]));
    for (const { Id, MessageId } of sentEntries.parse(output['Successful'] ?? [])) {
      this.#journal.sent(MessageId, { queueName, input: entries.get(Id) ?? {} });
    }
  }
}

/** Reads the messages of `ReceiveMessage`'s output. */
export function messagesOf(output: SqsMembers): ReceivedMessage[] {
  return z.array(receivedSchema).parse(output['Messages'] ?? []);
}

function withoutUrl({ QueueUrl: _url, ...input }: SqsMembers): SqsMembers {
  return input;
}

/**
 * Where a message goes that was left by an earlier process: as on AWS, to the dead-letter queue once it was
 * received as often as its queue allows. Undefined when the template no longer has its queue.
 */
function queueAfterRestart(models: readonly QueueModel[], message: KeptMessage): string | undefined {
  const model = models.find(({ name }) => name === message.queueName);
  const policy = redriveSchema.parse(JSON.parse(model?.attributes['RedrivePolicy'] ?? '{}'));
  if (message.receiveCount < policy.maxReceiveCount) return model?.name;
  return models.find(({ arn }) => arn === policy.deadLetterTargetArn)?.name ?? model?.name;
}

const redriveSchema = z.object({
  deadLetterTargetArn: z.string().default(''),
  maxReceiveCount: z.number().default(Infinity),
});
