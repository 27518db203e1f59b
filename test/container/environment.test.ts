import { tmpdir } from 'node:os';
import { readEnvironment } from '../../container/environment';

const NEEDED = {
  ORDER_QUEUE_URL: 'https://sqs/1/orders',
  URGENT_ORDER_QUEUE_URL: 'https://sqs/1/urgent',
  REPORT_QUEUE_URL: 'https://sqs/1/reports',
  ECS_CONTAINER_METADATA_URI_V4: 'http://169.254.170.2/v4/x',
};

describe('readEnvironment', () => {
  it('has defaults for all but the queues and the task', () => {
    expect(readEnvironment(NEEDED)).toEqual({
      orderQueueUrl: NEEDED.ORDER_QUEUE_URL,
      urgentOrderQueueUrl: NEEDED.URGENT_ORDER_QUEUE_URL,
      reportQueueUrl: NEEDED.REPORT_QUEUE_URL,
      leaseSeconds: 120,
      lingerSeconds: 5,
      workFolder: tmpdir(),
      metadataUri: NEEDED.ECS_CONTAINER_METADATA_URI_V4,
      taskArn: undefined,
    });
  });

  it('names every fault in one error', () => {
    const read = (): unknown => readEnvironment({ ORDER_QUEUE_URL: 'orders', LEASE_SECONDS: '0' });
    for (const name of [
      'ORDER_QUEUE_URL',
      'REPORT_QUEUE_URL',
      'LEASE_SECONDS',
      'ECS_CONTAINER_METADATA_URI_V4',
    ]) {
      expect(read).toThrow(name);
    }
  });
});
