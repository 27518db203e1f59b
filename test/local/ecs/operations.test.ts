import {
  DescribeClustersCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListServicesCommand,
  ListTagsForResourceCommand,
  ListTasksCommand,
  paginateListTasks,
  StopTaskCommand,
  TagResourceCommand,
} from '@aws-sdk/client-ecs';
import { CLUSTER_ARN, DEFINITION_ARN, Harness, PATIENT, ROLE_KEY } from './harness';

let harness: Harness;
afterEach(() => harness.close());

const cluster = 'pipeline';

describe('StopTask', () => {
  it('deletes the tags, and answers a stopped task as it is', async () => {
    harness = await Harness.start({ worker: PATIENT });
    const task = await harness.run({ tags: [{ key: 'job', value: 'j1' }] });
    const client = harness.client();
    const first = await client.send(new StopTaskCommand({ cluster, task, reason: 'first' }));
    expect(first.task).toMatchObject({ desiredStatus: 'STOPPED', stopCode: 'UserInitiated', tags: [] });
    await harness.reached(task, 'STOPPED');

    const second = await client.send(new StopTaskCommand({ cluster, task, reason: 'second' }));
    expect(second.task).toMatchObject({ lastStatus: 'STOPPED', stoppedReason: 'first' });
    const { tasks } = await client.send(
      new DescribeTasksCommand({ cluster, tasks: [task], include: ['TAGS'] }),
    );
    expect(tasks?.[0]?.tags).toEqual([]);
  });

  it('refuses a task that there is not', async () => {
    harness = await Harness.start();
    const command = new StopTaskCommand({ cluster, task: 'f'.repeat(32) });
    await expect(harness.client().send(command)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'The referenced task was not found.',
    });
  });

  it('asks for permission on the task, in its cluster', async () => {
    harness = await Harness.start({ worker: PATIENT });
    const task = await harness.run();
    harness.allow(({ action }) => action !== 'ecs:StopTask');
    const command = new StopTaskCommand({ cluster, task });
    await expect(harness.client(ROLE_KEY).send(command)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    expect(harness.asked.at(-1)).toEqual({
      principal: ROLE_KEY.principal,
      action: 'ecs:StopTask',
      resource: `arn:aws:ecs:eu-west-1:123456789012:task/pipeline/${task}`,
      context: { 'ecs:cluster': CLUSTER_ARN },
    });
    expect(harness.ecs.tasks()[0]?.desiredStatus).toBe('RUNNING');
  });
});

describe('DescribeTasks', () => {
  it('answers what there is, and MISSING for the rest', async () => {
    harness = await Harness.start({ worker: PATIENT });
    const task = await harness.run({ tags: [{ key: 'job', value: 'j1' }] });
    const missing = 'f'.repeat(32);
    const { tasks, failures } = await harness
      .client()
      .send(new DescribeTasksCommand({ cluster, tasks: [task, missing], include: ['TAGS'] }));
    expect(tasks).toMatchObject([{ tags: [{ key: 'job', value: 'j1' }] }]);
    expect(failures).toEqual([
      { arn: `arn:aws:ecs:eu-west-1:123456789012:task/pipeline/${missing}`, reason: 'MISSING' },
    ]);
  });

  it('gives tags only when they are asked for', async () => {
    harness = await Harness.start({ worker: PATIENT });
    const task = await harness.run({ tags: [{ key: 'job', value: 'j1' }] });
    const { tasks } = await harness.client().send(new DescribeTasksCommand({ cluster, tasks: [task] }));
    expect(tasks?.[0]?.tags).toEqual([]);
  });

  it.each([0, 101])('refuses %i tasks', async count => {
    harness = await Harness.start();
    const tasks = Array.from({ length: count }, (_, index) => String(index));
    await expect(harness.client().send(new DescribeTasksCommand({ cluster, tasks }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('forgets a task an hour after it has stopped', async () => {
    let aheadMs = 0;
    harness = await Harness.start({ now: () => new Date(Date.now() + aheadMs) });
    const taskId = await harness.run();
    await harness.reached(taskId, 'STOPPED');
    aheadMs = 3_599_000;
    expect(harness.ecs.tasks()).toHaveLength(1);
    aheadMs = 3_601_000;
    expect(harness.ecs.tasks()).toEqual([]);
  });
});

describe('ListTasks', () => {
  it('tells running from stopped tasks by what is desired of them', async () => {
    harness = await Harness.start({ worker: PATIENT });
    const [kept, stopped] = [await harness.run(), await harness.run()];
    await harness.client().send(new StopTaskCommand({ cluster, task: stopped }));
    const running = await harness.client().send(new ListTasksCommand({ cluster }));
    const ended = await harness.client().send(new ListTasksCommand({ cluster, desiredStatus: 'STOPPED' }));
    expect(running.taskArns).toEqual([expect.stringContaining(kept)]);
    expect(ended.taskArns).toEqual([expect.stringContaining(stopped)]);
  });

  it('filters by startedBy or by family', async () => {
    harness = await Harness.start({ worker: PATIENT });
    const [first] = [await harness.run({ startedBy: 'j1' }), await harness.run({ startedBy: 'j2' })];
    const client = harness.client();
    const byJob = await client.send(new ListTasksCommand({ cluster, startedBy: 'j1' }));
    expect(byJob.taskArns).toEqual([expect.stringContaining(first)]);
    const byFamily = await client.send(new ListTasksCommand({ cluster, family: 'worker' }));
    expect(byFamily.taskArns).toHaveLength(2);
    const byOther = await client.send(new ListTasksCommand({ cluster, family: 'other' }));
    expect(byOther.taskArns).toEqual([]);
    const both = new ListTasksCommand({ cluster, startedBy: 'j1', family: 'worker' });
    await expect(client.send(both)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('gives every task exactly once, page by page', async () => {
    harness = await Harness.start({ worker: PATIENT });
    await harness.run({ count: 5 });
    const pages: string[][] = [];
    for await (const page of paginateListTasks({ client: harness.client(), pageSize: 2 }, { cluster })) {
      pages.push(page.taskArns ?? []);
    }
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
    expect(new Set(pages.flat()).size).toBe(5);
  });
});

describe('tags', () => {
  it('are added to a task, and replace those of the same key', async () => {
    harness = await Harness.start({ worker: PATIENT });
    const task = await harness.run({
      tags: [
        { key: 'job', value: 'j1' },
        { key: 'user', value: 'ann' },
      ],
    });
    const resourceArn = `arn:aws:ecs:eu-west-1:123456789012:task/pipeline/${task}`;
    await harness.client().send(new TagResourceCommand({ resourceArn, tags: [{ key: 'job', value: 'j2' }] }));
    const { tags } = await harness.client().send(new ListTagsForResourceCommand({ resourceArn }));
    expect(tags).toEqual([
      { key: 'user', value: 'ann' },
      { key: 'job', value: 'j2' },
    ]);
  });
});

describe('the other operations', () => {
  it('describe the task definition', async () => {
    harness = await Harness.start();
    const { taskDefinition } = await harness
      .client()
      .send(new DescribeTaskDefinitionCommand({ taskDefinition: 'worker' }));
    expect(taskDefinition).toMatchObject({
      taskDefinitionArn: DEFINITION_ARN,
      networkMode: 'awsvpc',
      containerDefinitions: [{ name: 'worker', essential: true, stopTimeout: 120 }],
    });
  });

  it('count the tasks of a cluster', async () => {
    harness = await Harness.start({ worker: PATIENT });
    const taskId = await harness.run();
    await harness.reached(taskId, 'RUNNING');
    const { clusters, failures } = await harness
      .client()
      .send(new DescribeClustersCommand({ clusters: [cluster, 'other'] }));
    expect(clusters).toMatchObject([{ clusterArn: CLUSTER_ARN, status: 'ACTIVE', runningTasksCount: 1 }]);
    expect(failures).toMatchObject([{ reason: 'MISSING' }]);
  });

  it('refuse what is not built', async () => {
    harness = await Harness.start();
    await expect(harness.client().send(new ListServicesCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });
});
