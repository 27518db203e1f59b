import type { Deliver } from '../delivery';
import type { S3EventRecord } from '../s3/events';
import type { LocalSqs } from '../sqs/service';
import type { BucketModel, NotificationModel } from '../template';

export interface NotificationOptions {
  readonly buckets: readonly BucketModel[];
  readonly sqs: Pick<LocalSqs, 'send'>;
  readonly deliver: Deliver;
}

/** Sends each S3 event to the queues that its bucket's notifications name; throws when one could not take it. */
export function s3Notifier(options: NotificationOptions): (record: S3EventRecord) => Promise<void> {
  const { buckets, sqs, deliver } = options;
  return async record => {
    const bucket = buckets.find(({ name }) => name === record.s3.bucket.name);
    const wanted = bucket?.notifications.filter(notification => wants(notification, record)) ?? [];
    const body = JSON.stringify({ Records: [record] });
    await Promise.all(wanted.map(({ queueArn }) => deliver(() => sqs.send(queueArn, body))));
  };
}

/** Filters are about keys as they were uploaded; records have them encoded as in a form. */
export function wants(notification: NotificationModel, record: S3EventRecord): boolean {
  const key = decodeURIComponent(record.s3.object.key.replaceAll('+', ' '));
  const event = notification.event.replace(/^s3:/, '');
  const isEvent = event.endsWith('*')
    ? record.eventName.startsWith(event.slice(0, -1))
    : record.eventName === event;
  return isEvent && key.startsWith(notification.prefix) && key.endsWith(notification.suffix);
}
