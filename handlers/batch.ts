import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Cloud } from './cloud';

/** Seconds until a message that failed comes again, doubled each time. */
const FIRST_RETRY_SECONDS = 5;

/** Seconds after which messages come again whose function has died. Handling a batch takes a fraction of it; one that takes longer is handled twice, to no effect. */
const HOLD_SECONDS = 60;

/**
 * Takes a batch into hand for a short time. The queue hides it for six times the function's time limit, as Lambda
 * needs it; should the function die, nobody else would see the messages for that long.
 */
export async function holdBriefly(event: SQSEvent, cloud: Pick<Cloud, 'log' | 'source'>): Promise<void> {
  try {
    await cloud.source.hold(
      event.Records.map(({ receiptHandle }) => receiptHandle),
      HOLD_SECONDS,
    );
  } catch (error) {
    cloud.log.warn('Should this function die, its messages come again late', { error: describeError(error) });
  }
}

/** Handles each message by itself, so that a bad one does not make the others of its batch come again. */
export async function eachMessage(
  event: SQSEvent,
  cloud: Pick<Cloud, 'log' | 'source'>,
  handle: (record: SQSRecord) => Promise<void>,
): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const record of event.Records) {
    try {
      await handle(record);
    } catch (error) {
      cloud.log.error('A message could not be handled and will come again', {
        messageId: record.messageId,
        error: describeError(error),
      });
      await retrySoon(record, cloud);
      batchItemFailures.push({ itemIdentifier: record.messageId });
    }
  }
  return { batchItemFailures };
}

/** The queue hides a message for many times the function's time limit, far longer than most faults last. */
async function retrySoon(record: SQSRecord, cloud: Pick<Cloud, 'log' | 'source'>): Promise<void> {
  const times = Number(record.attributes.ApproximateReceiveCount);
  try {
    await cloud.source.hide(record.receiptHandle, FIRST_RETRY_SECONDS * 2 ** (times - 1));
  } catch (error) {
    cloud.log.warn('The message comes again only when its visibility timeout has passed', {
      messageId: record.messageId,
      error: describeError(error),
    });
  }
}

/** Name, message and stack of an error, and nothing that hangs on it: SDK errors carry whole requests, signatures included. */
export function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
}
