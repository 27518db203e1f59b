import { readEnvironment } from '../../container/environment';
import { resourceNamed, resourcesOf, synthPipeline } from '../support/synth-pipeline';

const pipeline = synthPipeline({ lingerSeconds: 9, leaseSeconds: 33 });
const { properties: task } = resourceNamed(pipeline, 'AWS::ECS::TaskDefinition', 'Pipeline');
const [container] = task['ContainerDefinitions'] as Record<string, unknown>[];

describe('worker task', () => {
  it('is of the family that the stages start', () => {
    expect(task['Family']).toBe('spotreel-worker');
    for (const { properties } of resourcesOf(pipeline, 'AWS::Lambda::Function')) {
      const variables = (properties['Environment'] as { Variables?: Record<string, unknown> } | undefined)
        ?.Variables;
      if (variables?.['TASK_FAMILY'] !== undefined) expect(variables['TASK_FAMILY']).toBe('spotreel-worker');
    }
  });

  it('has the size that presets have by default', () => {
    expect(task).toMatchObject({ Cpu: '2048', Memory: '4096', EphemeralStorage: { SizeInGiB: 21 } });
  });

  it.each([
    ['x86_64', 'X86_64'],
    ['arm64', 'ARM64'],
  ] as const)('runs on %s when told to', (architecture, cpuArchitecture) => {
    synthPipeline({ architecture }).template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      RuntimePlatform: { CpuArchitecture: cpuArchitecture, OperatingSystemFamily: 'LINUX' },
    });
  });

  it('runs the worker under an init process that passes signals on, with all the time to stop that Fargate gives', () => {
    expect(container).toMatchObject({
      Name: 'worker',
      Command: ['node', 'worker.mjs'],
      WorkingDirectory: '/app',
      LinuxParameters: { InitProcessEnabled: true },
      StopTimeout: 120,
    });
  });

  it('can write to its work directory only', () => {
    expect(container).toMatchObject({
      ReadonlyRootFilesystem: true,
      MountPoints: [{ ContainerPath: '/work', ReadOnly: false, SourceVolume: 'work' }],
    });
    expect(task['Volumes']).toEqual([{ Name: 'work' }]);
  });

  it('is told its queues and times, and no secret', () => {
    const environment = container?.['Environment'] as { Name: string; Value: unknown }[];
    expect(Object.fromEntries(environment.map(({ Name, Value }) => [Name, Value]))).toEqual({
      ORDER_QUEUE_URL: { Ref: resourceNamed(pipeline, 'AWS::SQS::Queue', 'PipelineOrdersQueue').logicalId },
      URGENT_ORDER_QUEUE_URL: {
        Ref: resourceNamed(pipeline, 'AWS::SQS::Queue', 'PipelineUrgentOrdersQueue').logicalId,
      },
      REPORT_QUEUE_URL: { Ref: resourceNamed(pipeline, 'AWS::SQS::Queue', 'PipelineReportsQueue').logicalId },
      LEASE_SECONDS: '33',
      LINGER_SECONDS: '9',
      TMPDIR: '/work',
    });
    expect(container).not.toHaveProperty('Secrets');
  });

  it('is told of them in the words that it understands', () => {
    const environment = container?.['Environment'] as { Name: string; Value: unknown }[];
    const told = Object.fromEntries(
      environment.map(({ Name, Value }) => [
        Name,
        typeof Value === 'string' ? Value : 'https://queue.example',
      ]),
    );
    expect(readEnvironment({ ...told, TASK_ARN: 'arn:of:the:task' })).toMatchObject({
      leaseSeconds: 33,
      lingerSeconds: 9,
    });
  });

  it('never waits for CloudWatch to take its logs', () => {
    expect(container).toMatchObject({
      LogConfiguration: { LogDriver: 'awslogs', Options: { mode: 'non-blocking' } },
    });
  });
});

describe('cluster', () => {
  it('offers Spot and on-demand capacity', () => {
    pipeline.template.hasResourceProperties('AWS::ECS::Cluster', {
      CapacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    });
  });

  it('runs nothing by itself', () => {
    pipeline.template.resourceCountIs('AWS::ECS::Service', 0);
  });
});
