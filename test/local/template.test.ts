import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readCloudModel, type CloudModel } from '../../local/template';
import { writeAssembly, type TinyAssembly } from './tiny-assembly';

const ENDPOINT = 'http://127.0.0.1:4566';
const ARN = 'arn:aws:sqs:us-east-1:000000000000:';
const HASH = 'ab12';

const directories: string[] = [];

function read(template: TinyAssembly['template'], rest: Omit<TinyAssembly, 'template'> = {}): CloudModel {
  const assemblyDir = writeAssembly({ template, ...rest });
  directories.push(assemblyDir);
  return readCloudModel({ assemblyDir, endpoint: ENDPOINT });
}

function resource(
  Type: string,
  Properties: Record<string, unknown> = {},
): { Type: string; Properties: Record<string, unknown> } {
  return { Type, Properties };
}

const getAtt = (id: string, name = 'Arn'): object => ({ 'Fn::GetAtt': [id, name] });
const nodeFunction = (properties: Record<string, unknown> = {}): ReturnType<typeof resource> =>
  resource('AWS::Lambda::Function', {
    Code: { S3Key: `${HASH}.zip` },
    Handler: 'index.handler',
    Runtime: 'nodejs22.x',
    Role: getAtt('Role'),
    ...properties,
  });
const files = { [HASH]: { 'index.mjs': '' } };

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true });
});

describe('names', () => {
  it('are the stack and the words that tell a resource from others of its type', () => {
    const { buckets, queues } = read({
      Resources: {
        PipelineStorageInbox12345678: resource('AWS::S3::Bucket'),
        PipelineOutboxBucket12345678: resource('AWS::S3::Bucket'),
        PipelineIntakeQueue12345678: resource('AWS::SQS::Queue'),
        PipelineIntakeDlq12345678: resource('AWS::SQS::Queue'),
        PipelineOrdersDlq12345678: resource('AWS::SQS::Queue'),
        Ordered: resource('AWS::SQS::Queue', { FifoQueue: true }),
        Named: resource('AWS::SQS::Queue', { QueueName: 'mine' }),
      },
    });
    expect(buckets.map(({ name }) => name)).toEqual(['tiny-inbox', 'tiny-outbox']);
    expect(queues.map(({ name }) => name)).toEqual([
      'Tiny-Intake',
      'Tiny-IntakeDlq',
      'Tiny-OrdersDlq',
      'Tiny-Ordered.fifo',
      'mine',
    ]);
  });

  it('differ where only the hash does', () => {
    const { queues } = read({
      Resources: { Same11111111: resource('AWS::SQS::Queue'), Same22222222: resource('AWS::SQS::Queue') },
    });
    expect(queues.map(({ name }) => name)).toEqual(['Tiny-Same11111111', 'Tiny-Same22222222']);
  });
});

describe('storage', () => {
  it('reads versioning and notifications with their filters', () => {
    const rules = [
      { Name: 'prefix', Value: 'in/' },
      { Name: 'suffix', Value: '.mp4' },
    ];
    const { buckets } = read({
      Resources: {
        Inbox: resource('AWS::S3::Bucket', {
          VersioningConfiguration: { Status: 'Enabled' },
          NotificationConfiguration: {
            QueueConfigurations: [
              { Event: 's3:ObjectCreated:*', Queue: getAtt('Intake'), Filter: { S3Key: { Rules: rules } } },
            ],
          },
        }),
        Intake: resource('AWS::SQS::Queue'),
      },
    });
    expect(buckets).toEqual([
      {
        name: 'tiny-inbox',
        versioned: true,
        notifications: [
          { event: 's3:ObjectCreated:*', queueArn: `${ARN}Tiny-Intake`, prefix: 'in/', suffix: '.mp4' },
        ],
      },
    ]);
  });

  it('refuses notifications that go elsewhere than to a queue', () => {
    const NotificationConfiguration = { LambdaConfigurations: [] };
    expect(() =>
      read({ Resources: { B: resource('AWS::S3::Bucket', { NotificationConfiguration }) } }),
    ).toThrow(/Resource B \(AWS::S3::Bucket\).*LambdaConfigurations/);
  });

  it('gives queues the attributes of CreateQueue', () => {
    const { queues } = read({
      Resources: {
        Dead: resource('AWS::SQS::Queue'),
        Orders: resource('AWS::SQS::Queue', {
          VisibilityTimeout: 120,
          KmsMasterKeyId: 'alias/aws/sqs',
          RedrivePolicy: { deadLetterTargetArn: getAtt('Dead'), maxReceiveCount: 3 },
        }),
      },
    });
    expect(queues[1]?.attributes).toEqual({
      VisibilityTimeout: '120',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${ARN}Tiny-Dead`, maxReceiveCount: 3 }),
    });
  });

  it('finds the folder of a bucket deployment', () => {
    const { bucketDeployments } = read(
      {
        Resources: {
          State: resource('AWS::S3::Bucket'),
          Presets: resource('Custom::CDKBucketDeployment', {
            DestinationBucketName: { Ref: 'State' },
            DestinationBucketKeyPrefix: 'presets',
            SourceObjectKeys: [`${HASH}.zip`],
          }),
        },
      },
      { files },
    );
    expect(bucketDeployments).toMatchObject([{ bucket: 'tiny-state', keyPrefix: 'presets/' }]);
    expect(bucketDeployments[0]?.directories).toEqual([join(directories.at(-1) ?? '', `asset.${HASH}`)]);
  });
});

describe('compute', () => {
  it('reads functions with their environment, role and place for failed events', () => {
    const { functions } = read(
      {
        Resources: {
          Role: resource('AWS::IAM::Role'),
          Dead: resource('AWS::SQS::Queue'),
          Intake: nodeFunction({
            Timeout: 60,
            Environment: { Variables: { QUEUE: { Ref: 'Dead' }, LIMIT: 5 } },
          }),
          Config: resource('AWS::Lambda::EventInvokeConfig', {
            FunctionName: { Ref: 'Intake' },
            MaximumRetryAttempts: 0,
            DestinationConfig: { OnFailure: { Destination: getAtt('Dead') } },
          }),
        },
      },
      { files },
    );
    expect(functions).toMatchObject([
      {
        name: 'Tiny-Intake',
        roleArn: 'arn:aws:iam::000000000000:role/Tiny-Role',
        environment: { QUEUE: `${ENDPOINT}/000000000000/Tiny-Dead`, LIMIT: '5' },
        timeoutSeconds: 60,
        memoryMb: 128,
        retryAttempts: 0,
        deadLetterArn: `${ARN}Tiny-Dead`,
      },
    ]);
  });

  it('leaves functions of other runtimes alone', () => {
    const python = nodeFunction({ Runtime: 'python3.13' });
    expect(read({ Resources: { Role: resource('AWS::IAM::Role'), Helper: python } }).functions).toEqual([]);
  });

  it('names the asset that is missing', () => {
    const Resources = { Role: resource('AWS::IAM::Role'), Intake: nodeFunction() };
    expect(() => read({ Resources })).toThrow(/Resource Intake uses the asset ab12.zip/);
  });

  it('reads event sources', () => {
    const { eventSources } = read(
      {
        Resources: {
          Role: resource('AWS::IAM::Role'),
          Queue: resource('AWS::SQS::Queue'),
          Intake: nodeFunction(),
          Source: resource('AWS::Lambda::EventSourceMapping', {
            FunctionName: { Ref: 'Intake' },
            EventSourceArn: getAtt('Queue'),
            FunctionResponseTypes: ['ReportBatchItemFailures'],
            ScalingConfig: { MaximumConcurrency: 2 },
          }),
          Off: resource('AWS::Lambda::EventSourceMapping', {
            FunctionName: getAtt('Intake'),
            EventSourceArn: getAtt('Queue'),
            Enabled: false,
          }),
        },
      },
      { files },
    );
    expect(eventSources).toEqual([
      {
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:Tiny-Intake',
        queueArn: `${ARN}Tiny-Queue`,
        batchSize: 10,
        batchingWindowSeconds: 0,
        reportBatchItemFailures: true,
        maximumConcurrency: 2,
      },
    ]);
  });

  it('reads task definitions, without variables that name a place where nothing is mounted', () => {
    const { taskDefinitions, clusters } = read({
      Resources: {
        Cluster: resource('AWS::ECS::Cluster'),
        Role: resource('AWS::IAM::Role'),
        Task: resource('AWS::ECS::TaskDefinition', {
          Family: 'worker',
          Cpu: 1024,
          Memory: '2048',
          TaskRoleArn: getAtt('Role'),
          ContainerDefinitions: [
            {
              Name: 'worker',
              Image: { 'Fn::Sub': '${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/assets:ab12' },
              EntryPoint: ['node'],
              Command: ['worker.mjs'],
              Environment: [
                { Name: 'LINGER_SECONDS', Value: '5' },
                { Name: 'WORK_DIR', Value: '/work' },
              ],
              MountPoints: [{ ContainerPath: '/work', SourceVolume: 'work' }],
              StopTimeout: 120,
            },
          ],
        }),
      },
    });
    expect(clusters).toEqual(['arn:aws:ecs:us-east-1:000000000000:cluster/Tiny-Cluster']);
    expect(taskDefinitions).toMatchObject([
      {
        arn: 'arn:aws:ecs:us-east-1:000000000000:task-definition/worker:1',
        family: 'worker',
        cpu: '1024',
        memory: '2048',
        taskRoleArn: 'arn:aws:iam::000000000000:role/Tiny-Role',
        containers: [
          {
            name: 'worker',
            image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/assets:ab12',
            command: ['node', 'worker.mjs'],
            environment: { LINGER_SECONDS: '5' },
            essential: true,
            stopTimeoutSeconds: 120,
          },
        ],
      },
    ]);
  });
});

describe('rules', () => {
  it('reads patterns, schedules and targets, and leaves out what is disabled', () => {
    const Targets = [{ Id: 'T', Arn: getAtt('Queue'), Input: '{}' }];
    const { rules } = read({
      Resources: {
        Queue: resource('AWS::SQS::Queue'),
        Stopped: resource('AWS::Events::Rule', { EventPattern: { source: ['aws.ecs'] }, Targets }),
        Sweep: resource('AWS::Events::Rule', { ScheduleExpression: 'rate(5 minutes)', Targets }),
        Off: resource('AWS::Events::Rule', { ScheduleExpression: 'rate(1 day)', State: 'DISABLED', Targets }),
        Daily: resource('AWS::Scheduler::Schedule', {
          ScheduleExpression: 'rate(1 day)',
          Target: { Arn: getAtt('Queue'), RoleArn: 'any' },
        }),
      },
    });
    const target = { arn: `${ARN}Tiny-Queue`, input: '{}' };
    expect(rules).toMatchObject([
      { name: 'Tiny-Stopped', pattern: { source: ['aws.ecs'] }, targets: [target] },
      { name: 'Tiny-Sweep', schedule: 'rate(5 minutes)', targets: [target] },
      { name: 'Tiny-Daily', schedule: 'rate(1 day)', targets: [{ arn: `${ARN}Tiny-Queue` }] },
    ]);
  });
});

describe('roles', () => {
  const statement = (Action: string): object => ({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });

  it('gather statements from inline, attached and managed policies', () => {
    const { roles } = read({
      Resources: {
        Role: resource('AWS::IAM::Role', {
          Policies: [{ PolicyName: 'own', PolicyDocument: statement('s3:A') }],
          ManagedPolicyArns: [
            { Ref: 'Managed' },
            'arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole',
          ],
        }),
        Attached: resource('AWS::IAM::Policy', {
          Roles: [{ Ref: 'Role' }],
          PolicyDocument: statement('s3:B'),
        }),
        Foreign: resource('AWS::IAM::Policy', { Roles: ['other'], PolicyDocument: statement('s3:X') }),
        Managed: resource('AWS::IAM::ManagedPolicy', { PolicyDocument: statement('s3:C') }),
      },
    });
    expect(roles[0]?.statements.flatMap(({ Action }) => Action)).toEqual([
      's3:A',
      's3:B',
      's3:C',
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
    ]);
  });
});

describe('other resources', () => {
  it('get values of the right shape', () => {
    const { outputs } = read({
      Resources: {
        Vpc: resource('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }),
        Group: resource('AWS::EC2::SecurityGroup'),
        Logs: resource('AWS::Logs::LogGroup'),
      },
      Outputs: {
        Vpc: { Value: { Ref: 'Vpc' } },
        Cidr: { Value: getAtt('Vpc', 'CidrBlock') },
        Group: { Value: getAtt('Group', 'GroupId') },
        Logs: { Value: getAtt('Logs') },
      },
    });
    expect(outputs['Vpc']).toMatch(/^vpc-[0-9a-f]{17}$/);
    expect(outputs['Cidr']).toBe('10.0.0.0/16');
    expect(outputs['Group']).toMatch(/^sg-[0-9a-f]{17}$/);
    expect(outputs['Logs']).toBe('arn:aws:logs:us-east-1:000000000000:log-group:Tiny-Logs:*');
  });

  it('of an unknown type are named when something depends on them', () => {
    const Resources = { Table: resource('AWS::DynamoDB::Table') };
    expect(read({ Resources }).outputs).toEqual({});
    expect(() => read({ Resources, Outputs: { Name: { Value: { Ref: 'Table' } } } })).toThrow(
      /Resource Table has the type AWS::DynamoDB::Table/,
    );
  });

  it('do not exist where their condition does not hold', () => {
    const Conditions = { Never: { 'Fn::Equals': [1, 2] } };
    const Queue = { ...resource('AWS::SQS::Queue'), Condition: 'Never' };
    const Outputs = { Queue: { Value: { Ref: 'Queue' }, Condition: 'Never' } };
    expect(read({ Conditions, Resources: { Queue }, Outputs })).toMatchObject({ queues: [], outputs: {} });
  });

  it('must be in the template when it refers to them', () => {
    expect(() => read({ Outputs: { Name: { Value: { Ref: 'Nobody' } } } })).toThrow(/refers to Nobody/);
  });
});

it('refuses a folder without a template', () => {
  expect(() => readCloudModel({ assemblyDir: '/nowhere', endpoint: ENDPOINT })).toThrow(
    /\/nowhere holds 0 files named \*\.template\.json/,
  );
});
