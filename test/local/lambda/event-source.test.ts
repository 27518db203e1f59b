import { deliverOnce, type Deliver } from '../../../local/delivery';
import { EventSource } from '../../../local/lambda/event-source';
import type { InvocationResult } from '../../../local/lambda/host';
import type { ReceivedMessage } from '../../../local/sqs/service';
import type { EventSourceModel } from '../../../local/template';

const SOURCE: EventSourceModel = {
  functionArn: 'arn:function',
  queueArn: 'arn:queue',
  batchSize: 10,
  batchingWindowSeconds: 0,
  reportBatchItemFailures: true,
};

function message(id: string): ReceivedMessage {
  return { MessageId: id, ReceiptHandle: `handle-${id}`, Body: `body-${id}`, MD5OfBody: 'md5' };
}

/** A queue that gives one batch and then nothing. */
async function feed(options: {
  messages: ReceivedMessage[];
  answer: InvocationResult | ((call: number) => InvocationResult);
  source?: Partial<EventSourceModel>;
  deliver?: Deliver;
}): Promise<{ events: unknown[]; deleted: string[] }> {
  const events: unknown[] = [];
  const deleted: string[] = [];
  const waiting = [...options.messages];
  let drained = (): void => undefined;
  const empty = new Promise<void>(resolve => (drained = resolve));
  const source = new EventSource({
    source: { ...SOURCE, ...options.source },
    region: 'us-east-1',
    deliver: options.deliver ?? deliverOnce,
    sqs: {
      receive: async (_arn, { limit, signal }) => {
        const batch = waiting.splice(0, limit);
        if (batch.length > 0) return batch;
        drained();
        await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }));
        return [];
      },
      delete: async (_arn, handle) => void deleted.push(handle),
    },
    lambda: {
      invoke: async (_arn, event) => {
        events.push(event);
        return typeof options.answer === 'function' ? options.answer(events.length) : options.answer;
      },
    },
  });
  await empty;
  await source.close();
  return { events, deleted };
}

const succeeded = (payload: unknown = null): InvocationResult => ({ kind: 'succeeded', payload });
const failed: InvocationResult = { kind: 'failed', errorType: 'Error', errorMessage: 'broken' };
const failureOf = (id: string): InvocationResult =>
  succeeded({ batchItemFailures: [{ itemIdentifier: id }] });

describe('EventSource', () => {
  it('gives a function records of the shape that AWS gives', async () => {
    const full: ReceivedMessage = {
      ...message('a'),
      Attributes: { ApproximateReceiveCount: '1', SentTimestamp: '0' },
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } },
    };
    const { events } = await feed({ messages: [full], answer: succeeded() });
    expect(events).toEqual([
      {
        Records: [
          {
            messageId: 'a',
            receiptHandle: 'handle-a',
            body: 'body-a',
            attributes: { ApproximateReceiveCount: '1', SentTimestamp: '0' },
            messageAttributes: {
              kind: { dataType: 'String', stringValue: 'x', stringListValues: [], binaryListValues: [] },
            },
            md5OfBody: 'md5',
            eventSource: 'aws:sqs',
            eventSourceARN: 'arn:queue',
            awsRegion: 'us-east-1',
          },
        ],
      },
    ]);
  });

  it('splits messages into batches of the size that was asked for', async () => {
    const messages = ['a', 'b', 'c'].map(message);
    const { events } = await feed({ messages, answer: succeeded(), source: { batchSize: 2 } });
    expect(events.map(event => (event as { Records: unknown[] }).Records.length)).toEqual([2, 1]);
  });

  it('fills a batch for as long as its window is open', async () => {
    const messages = Array.from({ length: 12 }, (_, index) => message(String(index)));
    const source = { batchSize: 12, batchingWindowSeconds: 60 };
    const { events } = await feed({ messages, answer: succeeded(), source });
    expect(events.map(event => (event as { Records: unknown[] }).Records.length)).toEqual([12]);
  });

  it.each([
    ['all of a batch that succeeded', succeeded(), ['handle-a', 'handle-b']],
    ['none of a batch that failed', failed, []],
    ['all but those that were reported as failed', failureOf('a'), ['handle-b']],
  ])('deletes %s', async (_title, answer, expected) => {
    const { deleted } = await feed({ messages: [message('a'), message('b')], answer });
    expect(deleted).toEqual(expected);
  });

  it('deletes all when failures are not to be reported', async () => {
    const source = { reportBatchItemFailures: false };
    const { deleted } = await feed({ messages: [message('a')], answer: failureOf('a'), source });
    expect(deleted).toEqual(['handle-a']);
  });

  it('keeps what failed in either of two deliveries', async () => {
    const twice: Deliver = async hand => [await hand(), await hand()];
    const { events, deleted } = await feed({
      messages: [message('a'), message('b')],
      answer: call => failureOf(call === 1 ? 'a' : 'b'),
      deliver: twice,
    });
    expect(events).toHaveLength(2);
    expect(deleted).toEqual([]);
  });
});
