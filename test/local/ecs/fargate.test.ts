import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeTasksCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import type { LocalTaskDefinition } from '../../../local/ecs/service';
import {
  CLUSTER_ARN,
  DEFINITION_ARN,
  ecsOptions,
  Harness,
  isGone,
  PATIENT,
  REGION,
  RUN_TASK,
  STUBBORN,
  TASK_ROLE_ARN,
  until,
} from './harness';

let harness: Harness;
afterEach(() => harness.close());

function definitionWith(change: Partial<LocalTaskDefinition['containers'][number]>): LocalTaskDefinition {
  const [definition] = ecsOptions('').taskDefinitions;
  if (definition === undefined) throw new Error('The harness has no task definition.');
  return { ...definition, containers: definition.containers.map(container => ({ ...container, ...change })) };
}

describe('the life of a task', () => {
  it('goes through every state, with a growing version and an event for each', async () => {
    harness = await Harness.start({ worker: 'process.exit(3)' });
    const taskId = await harness.run({ startedBy: 'job/1' });
    await harness.reached(taskId, 'STOPPED');

    const details = harness.eventsOf(taskId).map(({ detail }) => detail);
    expect(details.map(({ lastStatus }) => lastStatus)).toEqual([
      'PROVISIONING',
      'PENDING',
      'RUNNING',
      'DEPROVISIONING',
      'STOPPED',
    ]);
    expect(details.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
  });

  it('tells of its end in an event of the real shape', async () => {
    harness = await Harness.start({ worker: 'process.exit(3)' });
    const taskId = await harness.run({ startedBy: 'job/1' });
    await harness.reached(taskId, 'STOPPED');

    const taskArn = `arn:aws:ecs:${REGION}:123456789012:task/pipeline/${taskId}`;
    const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string;
    expect(harness.eventsOf(taskId).at(-1)).toMatchObject({
      version: '0',
      'detail-type': 'ECS Task State Change',
      source: 'aws.ecs',
      account: '123456789012',
      region: REGION,
      time: isoTime,
      resources: [taskArn],
      detail: {
        taskArn,
        clusterArn: CLUSTER_ARN,
        taskDefinitionArn: DEFINITION_ARN,
        group: 'family:worker',
        startedBy: 'job/1',
        capacityProviderName: 'FARGATE_SPOT',
        launchType: 'FARGATE',
        platformVersion: '1.4.0',
        cpu: '1024',
        memory: '2048',
        ephemeralStorage: { sizeInGiB: 20 },
        desiredStatus: 'STOPPED',
        stopCode: 'EssentialContainerExited',
        stoppedReason: 'Essential container in task exited',
        createdAt: isoTime,
        pullStartedAt: isoTime,
        pullStoppedAt: isoTime,
        startedAt: isoTime,
        stoppingAt: isoTime,
        executionStoppedAt: isoTime,
        stoppedAt: isoTime,
        attachments: [{ type: 'eni', status: 'DELETED' }],
        containers: [{ name: 'worker', taskArn, lastStatus: 'STOPPED', exitCode: 3, image: 'worker:latest' }],
      },
    });
  });

  it('can be described, with times that the SDK reads', async () => {
    harness = await Harness.start({ worker: 'process.exit(0)' });
    const before = Date.now();
    const taskId = await harness.run();
    await harness.reached(taskId, 'STOPPED');
    const { tasks } = await harness
      .client()
      .send(new DescribeTasksCommand({ cluster: CLUSTER_ARN, tasks: [taskId] }));

    const task = tasks?.[0];
    expect(task).toMatchObject({ lastStatus: 'STOPPED', containers: [{ exitCode: 0 }], version: 5 });
    for (const time of [task?.createdAt, task?.startedAt, task?.executionStoppedAt, task?.stoppedAt]) {
      expect(time?.getTime()).toBeGreaterThanOrEqual(before);
    }
    const details = new Map((task?.attachments?.[0]?.details ?? []).map(({ name, value }) => [name, value]));
    expect(task?.attachments?.[0]?.type).toBe('ElasticNetworkInterface');
    expect(details.get('subnetId')).toBe('subnet-1');
    expect(details.get('networkInterfaceId')).toMatch(/^eni-/);
    expect(details.get('privateIPv4Address')).toMatch(/^127\./);
  });

  it('ends with 128 + the signal when the worker dies of one', async () => {
    harness = await Harness.start({
      worker: "process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000)",
    });
    const taskId = await harness.run();
    expect(await harness.reached(taskId, 'STOPPED')).toMatchObject({
      stopCode: 'EssentialContainerExited',
      containers: [{ exitCode: 137 }],
    });
  });

  it('kills what the worker left running when it ended', async () => {
    harness = await Harness.start({
      worker: `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
        console.log('child=' + child.pid);
        process.exit(1);`,
    });
    const taskId = await harness.run();
    await harness.reached(taskId, 'STOPPED');
    const child = Number(/child=(\d+)/.exec(harness.log(taskId))?.[1]);
    await until(() => isGone(child) || undefined);
  });
});

describe('an init process', () => {
  it('takes its container with it when it is killed itself', async () => {
    harness = await Harness.start({
      worker: `console.log([process.ppid, process.pid].join(' '));${PATIENT}`,
    });
    const taskId = await harness.run();
    await harness.logged(taskId, 'ready');
    const [init, worker] = harness.log(taskId).split(/\s/).map(Number);
    process.kill(init ?? NaN, 'SIGKILL');
    expect(await harness.reached(taskId, 'STOPPED')).toMatchObject({ containers: [{ exitCode: 137 }] });
    await until(() => isGone(worker ?? NaN) || undefined);
  });
});

describe('a container', () => {
  it('has the environment of host, definition, override and task, and nothing else', async () => {
    harness = await Harness.start({ worker: 'console.log(JSON.stringify(process.env))' });
    const taskId = await harness.run({
      overrides: {
        containerOverrides: [{ name: 'worker', environment: [{ name: 'SIZE', value: 'large' }] }],
      },
    });
    await harness.reached(taskId, 'STOPPED');
    const environment = JSON.parse(harness.log(taskId)) as Record<string, string>;
    expect(environment).toEqual({
      AWS_REGION: REGION,
      COLOUR: 'red',
      SIZE: 'large',
      TMPDIR: join(harness.root, 'data', 'ephemeral', taskId, 'work'),
      ECS_CONTAINER_METADATA_URI_V4: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/v4\//) as string,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\//) as string,
    });
  });

  it('starts in the folder that stands for the image, with the command of the override', async () => {
    harness = await Harness.start();
    const taskId = await harness.run({
      overrides: {
        containerOverrides: [{ name: 'worker', command: [process.execPath, '-p', 'process.cwd()'] }],
      },
    });
    await harness.reached(taskId, 'STOPPED');
    expect(harness.log(taskId).trim()).toBe(join(harness.root, 'image'));
  });

  it('writes standard output and error to the log of the task', async () => {
    harness = await Harness.start({ worker: "console.log('to out'); console.error('to err')" });
    const taskId = await harness.run();
    await harness.reached(taskId, 'STOPPED');
    expect(harness.log(taskId)).toBe('to out\nto err\n');
  });

  it('reads about its task at the metadata endpoint', async () => {
    harness = await Harness.start({
      worker: `fetch(process.env.ECS_CONTAINER_METADATA_URI_V4 + '/task')
        .then(answer => answer.json()).then(task => console.log(JSON.stringify(task)));`,
    });
    const taskId = await harness.run();
    await harness.reached(taskId, 'STOPPED');
    expect(JSON.parse(harness.log(taskId))).toMatchObject({
      TaskARN: expect.stringContaining(taskId) as string,
      Family: 'worker',
      Revision: '3',
      LaunchType: 'FARGATE',
      Limits: { CPU: 1, Memory: 2048 },
      PullStartedAt: expect.stringMatching(/Z$/) as string,
      Containers: [{ Name: 'worker', Image: 'worker:latest' }],
    });
  });

  it('is served the credentials of its task role, for as long as it runs', async () => {
    harness = await Harness.start({
      worker: `fetch(process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI).then(answer => answer.json())
        .then(keys => console.log(JSON.stringify({ ...keys, uri: process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI })));`,
    });
    const taskId = await harness.run();
    await harness.reached(taskId, 'STOPPED');
    const { uri, ...keys } = JSON.parse(harness.log(taskId)) as Record<string, string>;
    expect(keys).toEqual({
      RoleArn: TASK_ROLE_ARN,
      AccessKeyId: 'ASIATASK',
      SecretAccessKey: 'task-secret',
      Token: 'task-token',
      Expiration: '2040-01-02T03:04:05.000Z',
    });
    expect((await fetch(uri ?? '')).status).toBe(404);
  });

  it('has a work folder that goes with the task', async () => {
    harness = await Harness.start({
      worker:
        "require('node:fs').writeFileSync(process.env.TMPDIR + '/file', 'x'); console.log(process.env.TMPDIR)",
    });
    const taskId = await harness.run();
    await harness.reached(taskId, 'STOPPED');
    const folder = harness.log(taskId).trim();
    expect(folder).toContain(taskId);
    await until(() => !existsSync(folder) || undefined);
  });
});

describe('a task that cannot start', () => {
  it('says that the image could not be pulled when its folder is missing', async () => {
    harness = await Harness.start();
    rmSync(join(harness.root, 'image'), { recursive: true });
    const taskId = await harness.run();
    const detail = await harness.reached(taskId, 'STOPPED');
    expect(detail).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: expect.stringContaining('CannotPullContainerError') as string,
    });
    expect(detail).not.toHaveProperty('executionStoppedAt');
    expect(detail).not.toHaveProperty('startedAt');
  });

  it('says that nothing can be reached from where the task was put, and bills no run', async () => {
    harness = await Harness.start({
      whyUnreachable: ({ subnetId, publicAddress }) => `no way out of ${subnetId}, ${publicAddress}`,
    });
    const taskId = await harness.run();
    const detail = await harness.reached(taskId, 'STOPPED');
    expect(detail).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason:
        'ResourceInitializationError: unable to pull secrets or registry auth: no way out of subnet-1, true',
    });
    expect(detail).not.toHaveProperty('startedAt');
  });

  it('says that the container could not be started when its program is missing', async () => {
    harness = await Harness.start({ taskDefinitions: [definitionWith({ command: ['no-such-program'] })] });
    const taskId = await harness.run();
    expect(await harness.reached(taskId, 'STOPPED')).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: expect.stringMatching(/^CannotStartContainerError: .*no-such-program/) as string,
    });
  });
});

describe('StopTask', () => {
  it('sends SIGTERM, and keeps the reason', async () => {
    harness = await Harness.start({ worker: PATIENT });
    const taskId = await harness.run();
    await harness.logged(taskId, 'ready');
    await harness
      .client()
      .send(new StopTaskCommand({ cluster: 'pipeline', task: taskId, reason: 'The job is done.' }));

    expect(await harness.reached(taskId, 'STOPPED')).toMatchObject({
      stopCode: 'UserInitiated',
      stoppedReason: 'The job is done.',
      containers: [{ exitCode: 0 }],
    });
    expect(harness.log(taskId)).toBe('ready\nstopping\n');
  });

  it('ends with SIGKILL for all processes of a worker that outlives the stop timeout', async () => {
    harness = await Harness.start({
      worker: `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
        console.log('child=' + child.pid);${STUBBORN}`,
      taskDefinitions: [definitionWith({ stopTimeoutSeconds: 0.2 })],
    });
    const taskId = await harness.run();
    await harness.logged(taskId, 'ready');
    await harness.client().send(new StopTaskCommand({ cluster: 'pipeline', task: taskId }));

    expect(await harness.reached(taskId, 'STOPPED')).toMatchObject({
      stopCode: 'UserInitiated',
      stoppedReason: 'Task stopped by user',
      containers: [{ exitCode: 137 }],
    });
    // One SIGTERM only: some programs take a second one for an order to drop everything.
    expect(harness.log(taskId).match(/not now/g)).toHaveLength(1);
    const child = Number(/child=(\d+)/.exec(harness.log(taskId))?.[1]);
    await until(() => isGone(child) || undefined);
  });

  it('stops a task that has not started yet', async () => {
    harness = await Harness.start({ worker: PATIENT });
    const taskId = await harness.run();
    await harness.client().send(new StopTaskCommand({ cluster: 'pipeline', task: taskId }));
    expect(await harness.reached(taskId, 'STOPPED')).toMatchObject({ stopCode: 'UserInitiated' });
  });
});

describe('a task of several containers', () => {
  it('stops the others when an essential one ends', async () => {
    const { containers, ...definition } = definitionWith({});
    const [worker] = containers;
    if (worker === undefined) throw new Error('The harness has no container.');
    const sidecar = {
      ...worker,
      name: 'sidecar',
      essential: false,
      command: [process.execPath, 'sidecar.cjs'],
    };
    harness = await Harness.start({
      taskDefinitions: [{ ...definition, containers: [worker, sidecar] }],
    });
    const sidecarSource = `${PATIENT}; require('node:fs').writeFileSync('sidecar-ready', '');`;
    writeFileSync(join(harness.root, 'image', 'sidecar.cjs'), sidecarSource);
    harness.installWorker(
      "setInterval(() => { if (require('node:fs').existsSync('sidecar-ready')) process.exit(5); }, 10);",
    );
    const taskId = await harness.run();
    const { containers: ended } = await harness.reached(taskId, 'STOPPED');
    expect(ended).toMatchObject([
      { name: 'worker', exitCode: 5 },
      { name: 'sidecar', exitCode: 0 },
    ]);
    expect(harness.log(taskId)).toBe('ready\nstopping\n');
  });
});

describe('reclaim', () => {
  it('warns a Spot task while it is RUNNING, and ends it as a Spot interruption', async () => {
    harness = await Harness.start({ worker: PATIENT });
    const taskId = await harness.run();
    await harness.logged(taskId, 'ready');
    expect(await harness.ecs.reclaim()).toEqual([taskId]);
    expect(await harness.ecs.reclaim()).toEqual([]);

    expect(await harness.reached(taskId, 'STOPPED')).toMatchObject({
      stopCode: 'SpotInterruption',
      stoppedReason: 'Your Spot Task was interrupted.',
    });
    const warning = harness.eventsOf(taskId).find(({ detail }) => detail.stopCode === 'TerminationNotice');
    expect(warning?.detail).toMatchObject({ lastStatus: 'RUNNING', desiredStatus: 'STOPPED' });
  });

  it('leaves tasks on FARGATE, and tasks that were not named, alone', async () => {
    harness = await Harness.start({ worker: PATIENT });
    const { capacityProviderStrategy: _spot, ...onDemand } = RUN_TASK;
    const spotId = await harness.run();
    const otherSpotId = await harness.run();
    const onDemandId = await harness.run({
      ...onDemand,
      launchType: 'FARGATE',
      capacityProviderStrategy: [],
    });
    expect(await harness.ecs.reclaim(onDemandId)).toEqual([]);
    expect(await harness.ecs.reclaim(spotId)).toEqual([spotId]);

    await harness.reached(spotId, 'STOPPED');
    const others = harness.ecs.tasks().filter(({ taskArn }) => !taskArn.endsWith(spotId));
    expect(others.map(({ desiredStatus }) => desiredStatus)).toEqual(['RUNNING', 'RUNNING']);
    expect(others.map(({ taskArn }) => taskArn.split('/').pop())).toEqual([otherSpotId, onDemandId]);
  });
});

describe('kill', () => {
  it('ends the container as a crash', async () => {
    harness = await Harness.start({ worker: PATIENT });
    const taskId = await harness.run();
    await harness.logged(taskId, 'ready');
    await harness.ecs.kill(taskId);
    expect(harness.ecs.tasks()[0]).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      containers: [{ exitCode: 137 }],
    });
    expect(harness.log(taskId)).toBe('ready\n');
  });

  it('refuses a task that has no running container', async () => {
    harness = await Harness.start();
    await expect(harness.ecs.kill('no-such-task')).rejects.toThrow('no-such-task has no running container');
  });
});
