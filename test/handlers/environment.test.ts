import { readEnvironment } from '../../handlers/adapters/environment';

const VARIABLES = {
  INBOX_BUCKET: 'inbox',
  OUTBOX_BUCKET: 'outbox',
  STATE_BUCKET: 'state',
  ORDER_QUEUE_URL: 'https://sqs.ap-southeast-1.amazonaws.com/000000000000/orders',
  URGENT_ORDER_QUEUE_URL: 'https://sqs.ap-southeast-1.amazonaws.com/000000000000/urgent',
  CLUSTER_ARN: 'arn:aws:ecs:ap-southeast-1:000000000000:cluster/c',
  TASK_FAMILY: 'worker',
  SECURITY_GROUP_ID: 'sg-1',
  SUBNET_IDS: 'subnet-1',
  ASSIGN_PUBLIC_IP: 'ENABLED',
  SETTINGS: '{"architecture":"arm64"}',
};

describe('the environment of a Lambda', () => {
  it('tells what prices depend on: region, architecture and whether tasks have an address', () => {
    expect(readEnvironment({ ...VARIABLES, AWS_REGION: 'ap-southeast-1' }).settings).toMatchObject({
      region: 'ap-southeast-1',
      architecture: 'arm64',
      publicAddress: true,
    });
    expect(readEnvironment({ ...VARIABLES, ASSIGN_PUBLIC_IP: 'DISABLED' }).settings).toMatchObject({
      publicAddress: false,
    });
  });

  it('does not let a setting stand for the region', () => {
    expect(() => readEnvironment({ ...VARIABLES, SETTINGS: '{"region":"us-east-1"}' })).toThrow(/region/);
  });
});
