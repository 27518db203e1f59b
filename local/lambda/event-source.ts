import type { Deliver } from '../delivery';
import type { LocalSqs, ReceivedMessage } from '../sqs/service';
import type { EventSourceModel } from '../template';
import type { InvocationResult, LambdaHost } from './host';
import { failedMessageIds } from './batch-response';

export interface EventSourceOptions {
  readonly source: EventSourceModel;
  readonly region: string;
  readonly sqs: Pick<LocalSqs, 'receive' | 'delete'>;
  readonly lambda: Pick<LambdaHost, 'invoke'>;
  readonly deliver: Deliver;
}

/** Messages that one `ReceiveMessage` can give. */
const RECEIVE_LIMIT = 10;
const MAX_CONCURRENT_BATCHES = 4;
const PAUSE_AFTER_ERROR_MS = 1000;

/** Feeds a function from a queue until it is closed, as an event source mapping does. */
export class EventSource {
  readonly #options: EventSourceOptions;
  readonly #closing = new AbortController();
  readonly #batches = new Set<Promise<void>>();
  readonly #polling: Promise<void>;

  constructor(options: EventSourceOptions) {
    this.#options = options;
    this.#polling = this.#poll();
  }

  /** Takes no more batches and waits for those under way. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#polling;
    await Promise.all(this.#batches);
  }

  async #poll(): Promise<void> {
    const { maximumConcurrency = MAX_CONCURRENT_BATCHES } = this.#options.source;
    const limit = Math.min(maximumConcurrency, MAX_CONCURRENT_BATCHES);
    while (!this.#closing.signal.aborted) {
      if (this.#batches.size >= limit) {
        await Promise.race(this.#batches);
        continue;
      }
      const messages = await this.#collect().catch(async (error: unknown) => {
        process.emitWarning(error instanceof Error ? error : String(error));
        await new Promise(resolve => setTimeout(resolve, PAUSE_AFTER_ERROR_MS));
        return [];
      });
      if (messages.length > 0) this.#start(messages);
    }
  }

  #start(messages: ReceivedMessage[]): void {
    const batch = this.#handle(messages)
      .catch((error: unknown) => process.emitWarning(error instanceof Error ? error : String(error)))
      .finally(() => this.#batches.delete(batch));
    this.#batches.add(batch);
  }

  async #collect(): Promise<ReceivedMessage[]> {
    const { source } = this.#options;
    const messages = await this.#receive(source.batchSize, this.#closing.signal);
    // A window of 0 means that a batch goes as it came.
    if (messages.length === 0 || source.batchingWindowSeconds === 0) return messages;
    const window = AbortSignal.timeout(source.batchingWindowSeconds * 1000);
    const signal = AbortSignal.any([this.#closing.signal, window]);
    while (messages.length < source.batchSize && !signal.aborted) {
      messages.push(...(await this.#receive(source.batchSize - messages.length, signal)));
    }
    return messages;
  }

  #receive(limit: number, signal: AbortSignal): Promise<ReceivedMessage[]> {
    const { sqs, source } = this.#options;
    return sqs.receive(source.queueArn, { limit: Math.min(limit, RECEIVE_LIMIT), signal });
  }

  /** What succeeded is deleted; what failed comes again when its visibility timeout ends. */
  async #handle(messages: ReceivedMessage[]): Promise<void> {
    const { source, sqs, lambda, deliver } = this.#options;
    const event = { Records: messages.map(message => this.#toRecord(message)) };
    const results = await deliver(() => lambda.invoke(source.functionArn, event));
    const failed = new Set(results.flatMap(result => this.#failedIds(result, messages)));
    for (const message of messages) {
      if (!failed.has(message.MessageId)) await sqs.delete(source.queueArn, message.ReceiptHandle);
    }
  }

  #failedIds(result: InvocationResult, messages: ReceivedMessage[]): readonly string[] {
    const messageIds = messages.map(({ MessageId }) => MessageId);
    if (result.kind === 'failed') return messageIds;
    return this.#options.source.reportBatchItemFailures ? failedMessageIds(result.payload, messageIds) : [];
  }

  #toRecord(message: ReceivedMessage): object {
    const { source, region } = this.#options;
    return {
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes ?? {},
      messageAttributes: Object.fromEntries(
        Object.entries(message.MessageAttributes ?? {}).map(([name, attribute]) => [
          name,
          lowerCased(attribute),
        ]),
      ),
      md5OfBody: message.MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: source.queueArn,
      awsRegion: region,
    };
  }
}

/** Lambda spells the members of an attribute `stringValue`, where SQS itself has `StringValue`. */
function lowerCased(attribute: Record<string, unknown>): object {
  const members = Object.entries(attribute).map(([name, value]) => [
    name.charAt(0).toLowerCase() + name.slice(1),
    value,
  ]);
  return { stringListValues: [], binaryListValues: [], ...(Object.fromEntries(members) as object) };
}
