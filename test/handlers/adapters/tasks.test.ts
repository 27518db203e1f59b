import { DescribeClustersCommand } from '@aws-sdk/client-ecs';
import type { ECSClient, RunTaskCommandInput, RunTaskCommandOutput } from '@aws-sdk/client-ecs';
import { ecsTasks } from '../../../handlers/adapters/tasks';
import type { S3Objects } from '../../../handlers/adapters/s3-objects';
import type { Settings } from '../../../core/settings';
import { START, acceptedJob, makeSettings, taskArn } from '../../support/builders';

type Answer = Pick<RunTaskCommandOutput, 'tasks' | 'failures'>;

const NO_CAPACITY: Answer = { tasks: [], failures: [{ reason: 'Capacity is unavailable at this time' }] };

/** The adapter with an ECS that answers RunTask as it is told, the last answer for good, and keeps what it was asked. */
function fakeEcs(settings: Settings, answers: (Answer | Error)[], live = 0) {
  const asked: RunTaskCommandInput[] = [];
  const send = async (command: { input: RunTaskCommandInput }): Promise<object> => {
    if (command instanceof DescribeClustersCommand)
      return { clusters: [{ runningTasksCount: live - 1, pendingTasksCount: 1 }] };
    asked.push(command.input);
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    if (answer instanceof Error) throw answer;
    return answer ?? NO_CAPACITY;
  };
  const tasks = ecsTasks({
    ecs: { send } as unknown as ECSClient,
    state: {} as S3Objects,
    settings,
    now: () => START,
    variables: {
      INBOX_BUCKET: 'inbox',
      OUTBOX_BUCKET: 'outbox',
      STATE_BUCKET: 'state',
      ORDER_QUEUE_URL: 'https://sqs.example/orders',
      URGENT_ORDER_QUEUE_URL: 'https://sqs.example/urgent',
      CLUSTER_ARN: 'arn:aws:ecs:us-east-1:000000000000:cluster/cluster',
      TASK_FAMILY: 'spotreel-worker',
      SECURITY_GROUP_ID: 'sg-1',
      SUBNET_IDS: 'subnet-a,subnet-b',
      ASSIGN_PUBLIC_IP: 'ENABLED',
      SETTINGS: '{}',
    },
  });
  const start = () => {
    const job = acceptedJob({ settings });
    const [launch] = job.launches;
    if (launch === undefined) throw new Error('the job asks for no task');
    return tasks.start(job, launch);
  };
  const places = () =>
    asked.map(
      ({ capacityProviderStrategy, networkConfiguration }) =>
        `${capacityProviderStrategy?.[0]?.capacityProvider} ${networkConfiguration?.awsvpcConfiguration?.subnets?.join()}`,
    );
  return { start, asked, places };
}

describe('starting a task', () => {
  it('tags it with expiry, user and job, and asks for the size that the preset wants', async () => {
    const ecs = fakeEcs(makeSettings(), [{ tasks: [{ taskArn: taskArn(1) }], failures: [] }]);
    expect(await ecs.start()).toEqual({
      kind: 'started',
      taskArn: taskArn(1),
      capacityProvider: 'FARGATE_SPOT',
    });
    expect(ecs.asked).toHaveLength(1);
    expect(ecs.asked[0]).toMatchObject({
      startedBy: '20260102T030405Z-0123456789abcdef',
      overrides: { cpu: '2048', memory: '4096', ephemeralStorage: { sizeInGiB: 21 } },
      tags: [
        { key: 'expiry', value: '2026-01-02T09:04:05.000Z' },
        { key: 'user', value: 'AIDAEXAMPLE' },
        { key: 'job', value: '20260102T030405Z-0123456789abcdef' },
      ],
    });
  });

  it('tries Spot in every subnet, then on-demand capacity', async () => {
    const ecs = fakeEcs(makeSettings(), [NO_CAPACITY, NO_CAPACITY, { tasks: [{ taskArn: taskArn(1) }] }]);
    expect(await ecs.start()).toMatchObject({ kind: 'started', capacityProvider: 'FARGATE' });
    expect(ecs.places()).toEqual(['FARGATE_SPOT subnet-b', 'FARGATE_SPOT subnet-a', 'FARGATE subnet-b']);
    const tokens = ecs.asked.map(({ clientToken }) => clientToken ?? '');
    expect(new Set(tokens).size).toBe(3);
    expect(tokens.every(token => token.length > 0 && token.length <= 64)).toBe(true);
  });

  it('never leaves Spot where the deployment is Spot only, and says why there is no task', async () => {
    const ecs = fakeEcs(makeSettings({ capacity: 'spotOnly' }), [NO_CAPACITY]);
    expect(await ecs.start()).toEqual({
      kind: 'noCapacity',
      reasons: ['FARGATE_SPOT: Capacity is unavailable at this time'],
    });
    expect(ecs.places()).toEqual(['FARGATE_SPOT subnet-b', 'FARGATE_SPOT subnet-a']);
  });

  it('waits for others to end when as many run as may', async () => {
    const ecs = fakeEcs(makeSettings({ maxTasks: 7 }), [], 7);
    expect(await ecs.start()).toEqual({ kind: 'deferred', reason: '7 tasks run' });
    expect(ecs.asked).toEqual([]);
  });

  it('waits when the account may run no more vCPUs', async () => {
    const limit = new Error("You've reached the limit on the number of vCPUs you can run concurrently");
    expect(await fakeEcs(makeSettings(), [limit]).start()).toMatchObject({ kind: 'deferred' });
  });

  it('fails when it is asked too often, and is asked again', async () => {
    await expect(fakeEcs(makeSettings(), [new Error('Rate exceeded')]).start()).rejects.toThrow('Rate');
  });

  it('repeats a call with the same token, so that a crash in between makes no second task', async () => {
    const ecs = fakeEcs(makeSettings(), [{ tasks: [{ taskArn: taskArn(1) }] }]);
    await ecs.start();
    await ecs.start();
    expect(ecs.asked[1]?.clientToken).toBe(ecs.asked[0]?.clientToken);
  });
});
