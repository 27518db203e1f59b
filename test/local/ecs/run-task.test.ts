import { type ConflictException, RunTaskCommand, type RunTaskCommandInput } from '@aws-sdk/client-ecs';
import {
  CLUSTER_ARN,
  DEFINITION_ARN,
  ecsOptions,
  EXECUTION_ROLE_ARN,
  Harness,
  PATIENT,
  ROLE_KEY,
  ROOT_KEY,
  RUN_TASK,
  TASK_ROLE_ARN,
} from './harness';

let harness: Harness;
afterEach(() => harness.close());

function tag(key: string, value: string): { key: string; value: string } {
  return { key, value };
}

async function refusal(input: Partial<RunTaskCommandInput>): Promise<{ name: string; message: string }> {
  const { name, message } = await harness
    .client()
    .send(new RunTaskCommand({ ...RUN_TASK, ...input }))
    .then(
      () => new Error('accepted'),
      (error: unknown) => error as Error,
    );
  return { name, message };
}

describe('RunTask', () => {
  it.each(['worker', 'worker:3', DEFINITION_ARN])('finds the task definition %s', async taskDefinition => {
    harness = await Harness.start();
    const { tasks } = await harness.client().send(new RunTaskCommand({ ...RUN_TASK, taskDefinition }));
    expect(tasks?.[0]).toMatchObject({
      taskDefinitionArn: DEFINITION_ARN,
      clusterArn: CLUSTER_ARN,
      lastStatus: 'PROVISIONING',
      desiredStatus: 'RUNNING',
      launchType: 'FARGATE',
      capacityProviderName: 'FARGATE_SPOT',
      version: 1,
    });
  });

  it('takes the size from the overrides', async () => {
    harness = await Harness.start();
    const overrides = { cpu: '2 vCPU', memory: '8192', ephemeralStorage: { sizeInGiB: 100 } };
    const { tasks } = await harness.client().send(new RunTaskCommand({ ...RUN_TASK, overrides }));
    expect(tasks?.[0]).toMatchObject({ cpu: '2048', memory: '8192', ephemeralStorage: { sizeInGiB: 100 } });
  });

  it('refuses an unknown cluster and an unknown task definition', async () => {
    harness = await Harness.start();
    expect(await refusal({ cluster: 'other' })).toEqual({
      name: 'ClusterNotFoundException',
      message: 'Cluster not found.',
    });
    expect(await refusal({ taskDefinition: 'worker:9' })).toEqual({
      name: 'ClientException',
      message: 'TaskDefinition not found.',
    });
  });

  it.each<[string, Partial<RunTaskCommandInput>, RegExp]>([
    ['no network', { networkConfiguration: {} }, /Network Configuration must be provided when/],
    ['11 tasks', { count: 11 }, /count is 11/],
    ['0 tasks', { count: 0 }, /count is 0/],
    ['startedBy of 129 characters', { startedBy: 'a'.repeat(129) }, /startedBy/],
    ['a token of 65 characters', { clientToken: 'a'.repeat(65) }, /clientToken/],
    ['a launch type beside a strategy', { launchType: 'FARGATE' }, /both a launch type and/],
    ['neither launch type nor strategy', { capacityProviderStrategy: [] }, /No Container Instances/],
    [
      'an unknown capacity provider',
      { capacityProviderStrategy: [{ capacityProvider: 'MINE' }] },
      /'MINE' was not found/,
    ],
    [
      'a size that Fargate has not',
      { overrides: { cpu: '256', memory: '8192' } },
      /No Fargate configuration/,
    ],
    ['20 GiB of storage', { overrides: { ephemeralStorage: { sizeInGiB: 20 } } }, /between 21 and 200/],
    ['201 GiB of storage', { overrides: { ephemeralStorage: { sizeInGiB: 201 } } }, /between 21 and 200/],
    [
      'an override of an unknown container',
      { overrides: { containerOverrides: [{ name: 'other' }] } },
      /other is not a container/,
    ],
    ['a reserved tag', { tags: [{ key: 'aws:job', value: '1' }] }, /must not begin with aws:/],
    ['a tag twice', { tags: [tag('a', '1'), tag('a', '2')] }, /Duplicate tag keys/],
  ])('refuses %s', async (_what, input, message) => {
    harness = await Harness.start();
    expect(await refusal(input)).toEqual({
      name: 'InvalidParameterException',
      message: expect.stringMatching(message) as string,
    });
    expect(harness.ecs.tasks()).toEqual([]);
  });

  it('takes overrides of 8192 characters and no more', async () => {
    harness = await Harness.start();
    const overridesOf = (length: number): RunTaskCommandInput['overrides'] => {
      const around = { containerOverrides: [{ name: 'worker', environment: [{ name: 'A', value: '' }] }] };
      const value = 'x'.repeat(length - JSON.stringify(around).length);
      return { containerOverrides: [{ name: 'worker', environment: [{ name: 'A', value }] }] };
    };
    expect(await refusal({ overrides: overridesOf(8193) })).toEqual({
      name: 'InvalidParameterException',
      message: 'Container Overrides length must be at most 8192',
    });
    expect(await refusal({ overrides: overridesOf(8192) })).toMatchObject({ message: 'accepted' });
  });

  it('answers failures for the tasks that find no capacity', async () => {
    harness = await Harness.start({ worker: PATIENT, maxTasks: 2 });
    const { tasks, failures } = await harness.client().send(new RunTaskCommand({ ...RUN_TASK, count: 3 }));
    expect(tasks).toHaveLength(2);
    expect(failures).toEqual([
      {
        arn: expect.stringMatching(/capacity-provider\/FARGATE_SPOT$/) as string,
        reason: 'Capacity is unavailable at this time',
      },
    ]);
  });

  it('asks for capacity by provider and subnets, and a retry with the same token after a failure', async () => {
    let isFull = true;
    const requests: unknown[] = [];
    harness = await Harness.start({
      capacity: request => {
        requests.push(request);
        return isFull ? { kind: 'unavailable', reason: 'Sold out' } : { kind: 'available' };
      },
    });
    const command = new RunTaskCommand({ ...RUN_TASK, clientToken: 'once' });
    expect((await harness.client().send(command)).failures).toMatchObject([{ reason: 'Sold out' }]);
    isFull = false;
    expect((await harness.client().send(command)).tasks).toHaveLength(1);
    expect(requests[0]).toEqual({ capacityProvider: 'FARGATE_SPOT', subnets: ['subnet-1'] });
  });

  it('spreads tasks over a strategy by base and weight', async () => {
    harness = await Harness.start({ worker: PATIENT });
    const { tasks } = await harness.client().send(
      new RunTaskCommand({
        ...RUN_TASK,
        count: 5,
        capacityProviderStrategy: [
          { capacityProvider: 'FARGATE', base: 1, weight: 1 },
          { capacityProvider: 'FARGATE_SPOT', weight: 3 },
        ],
      }),
    );
    const providers = tasks?.map(({ capacityProviderName }) => capacityProviderName).sort();
    expect(providers).toEqual(['FARGATE', 'FARGATE', 'FARGATE_SPOT', 'FARGATE_SPOT', 'FARGATE_SPOT']);
  });
});

describe('a client token', () => {
  it('answers the same task to the same request, even when both come at once', async () => {
    harness = await Harness.start({ worker: PATIENT });
    const command = new RunTaskCommand({ ...RUN_TASK, clientToken: 'job-1' });
    const answers = await Promise.all([1, 2, 3].map(() => harness.client().send(command)));
    const arns = new Set(answers.map(({ tasks }) => tasks?.[0]?.taskArn));
    expect(arns.size).toBe(1);
    expect(harness.ecs.tasks()).toHaveLength(1);
  });

  it('refuses another request, and names the tasks it stands for', async () => {
    harness = await Harness.start({ worker: PATIENT });
    const taskId = await harness.run({ clientToken: 'job-1' });
    const error = await harness
      .client()
      .send(new RunTaskCommand({ ...RUN_TASK, clientToken: 'job-1', startedBy: 'else' }))
      .catch((caught: unknown) => caught as ConflictException);
    expect(error).toMatchObject({
      name: 'ConflictException',
      resourceIds: [expect.stringContaining(taskId) as string],
    });
  });

  it('is forgotten an hour after its task has stopped', async () => {
    let aheadMs = 0;
    harness = await Harness.start({ now: () => new Date(Date.now() + aheadMs) });
    const taskId = await harness.run({ clientToken: 'job-1' });
    await harness.reached(taskId, 'STOPPED');
    expect(await harness.run({ clientToken: 'job-1' })).toBe(taskId);
    aheadMs = 3_601_000;
    const client = harness.client();
    client.config.systemClockOffset = aheadMs;
    const { tasks } = await client.send(new RunTaskCommand({ ...RUN_TASK, clientToken: 'job-1' }));
    expect(tasks).toHaveLength(1);
    expect(tasks?.[0]?.taskArn).not.toContain(taskId);
  });
});

describe('tags of RunTask', () => {
  it('join those of the definition where asked, and win over them', async () => {
    const [definition] = ecsOptions('').taskDefinitions;
    if (definition === undefined) throw new Error('The harness has no task definition.');
    const tagged = { ...definition, tags: [tag('job', 'none'), tag('stack', 'video')] };
    harness = await Harness.start({ worker: PATIENT, taskDefinitions: [tagged] });
    const command = new RunTaskCommand({
      ...RUN_TASK,
      propagateTags: 'TASK_DEFINITION',
      tags: [tag('job', 'j1')],
    });
    const { tasks } = await harness.client().send(command);
    expect(tasks?.[0]?.tags).toEqual([tag('stack', 'video'), tag('job', 'j1')]);
  });
});

describe('permission to run a task', () => {
  it('is asked for the definition, the tags and both roles', async () => {
    harness = await Harness.start();
    await harness.run({ tags: [{ key: 'job', value: 'j1' }] });
    const passed = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };
    expect(harness.asked.map(({ principal: _principal, ...question }) => question)).toEqual([
      { action: 'ecs:RunTask', resource: DEFINITION_ARN, context: { 'ecs:cluster': CLUSTER_ARN } },
      {
        action: 'ecs:TagResource',
        resource: 'arn:aws:ecs:eu-west-1:123456789012:task/pipeline/*',
        context: { 'ecs:CreateAction': 'RunTask', 'ecs:cluster': CLUSTER_ARN },
      },
      { action: 'iam:PassRole', resource: TASK_ROLE_ARN, context: passed },
      { action: 'iam:PassRole', resource: EXECUTION_ROLE_ARN, context: passed },
    ]);
  });

  it.each(['ecs:RunTask', 'ecs:TagResource', 'iam:PassRole'])('is refused without %s', async action => {
    harness = await Harness.start();
    harness.allow(request => request.action !== action);
    const command = new RunTaskCommand({ ...RUN_TASK, tags: [{ key: 'job', value: 'j1' }] });
    await expect(harness.client(ROLE_KEY).send(command)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(
        new RegExp(
          `^User: ${ROLE_KEY.principal.arn} is not authorized to perform: ${action} on resource: arn:`,
        ),
      ) as string,
    });
    expect(harness.ecs.tasks()).toEqual([]);
  });

  it.each([
    ['a wrong secret', { ...ROOT_KEY, secretAccessKey: 'wrong' }, 'InvalidSignatureException'],
    ['an unknown key', { ...ROOT_KEY, accessKeyId: 'AKIANOBODY' }, 'UnrecognizedClientException'],
  ])('is refused to %s', async (_what, key, name) => {
    harness = await Harness.start();
    await expect(harness.client(key).send(new RunTaskCommand(RUN_TASK))).rejects.toMatchObject({ name });
  });
});
