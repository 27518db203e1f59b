import { deliverOnce } from '../../../local/delivery';
import { s3Notifier, wants } from '../../../local/events/s3-notifications';
import {
  encodeEventKey,
  eventRecord,
  type ObjectCreated,
  type S3EventRecord,
} from '../../../local/s3/events';
import type { StoredVersion } from '../../../local/s3/stored-version';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:intake';

function record(key: string, eventName: ObjectCreated = 'ObjectCreated:Put'): S3EventRecord {
  const version = {
    key,
    versionId: 'v1',
    sequence: 1,
    etag: 'e',
    sizeBytes: 1,
    lastModified: '2026-01-01T00:00:00.000Z',
  };
  return eventRecord({
    creation: { eventName, principalArn: 'root', sourceIp: '127.0.0.1', requestId: 'r' },
    version: version as StoredVersion,
    bucket: 'inbox',
    region: 'us-east-1',
    accountId: '000000000000',
  });
}

describe('wants', () => {
  const any = { event: 's3:ObjectCreated:*', queueArn: QUEUE, prefix: '', suffix: '' };

  it.each([
    ['any key', any, 'a.mp4', true],
    ['its prefix', { ...any, prefix: 'in/' }, 'in/a.mp4', true],
    ['no other prefix', { ...any, prefix: 'in/' }, 'out/a.mp4', false],
    ['its suffix', { ...any, suffix: '.mp4' }, 'a.mp4', true],
    ['no other suffix', { ...any, suffix: '.mp4' }, 'a.MP4', false],
    ['a prefix with a space and a plus', { ...any, prefix: 'a b+c/' }, 'a b+c/d', true],
    ['its one event', { ...any, event: 's3:ObjectCreated:Put' }, 'a', true],
    ['no other event', { ...any, event: 's3:ObjectCreated:Copy' }, 'a', false],
  ])('takes %s', (_title, ...[notification, key, expected]) => {
    expect(encodeEventKey(key)).not.toContain(' ');
    expect(wants(notification, record(key))).toBe(expected);
  });
});

describe('s3Notifier', () => {
  const notification = { event: 's3:ObjectCreated:*', queueArn: QUEUE, prefix: '', suffix: '.mp4' };
  const buckets = [{ name: 'inbox', versioned: true, notifications: [notification] }];

  it('sends a message of the shape that S3 sends', async () => {
    const sent: unknown[] = [];
    const notify = s3Notifier({
      buckets,
      deliver: deliverOnce,
      sqs: { send: async (arn, body) => void sent.push([arn, JSON.parse(body)]) },
    });
    await notify(record('a.mp4'));
    await notify(record('a.txt'));
    expect(sent).toEqual([[QUEUE, { Records: [record('a.mp4')] }]]);
  });

  it('fails when the queue does, so that S3 tries again', async () => {
    const send = async (): Promise<void> => Promise.reject(new Error('full'));
    const notify = s3Notifier({ buckets, deliver: deliverOnce, sqs: { send } });
    await expect(notify(record('a.mp4'))).rejects.toThrow('full');
  });
});
