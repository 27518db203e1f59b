import { join } from 'node:path';
import { writeAssembly } from './tiny-assembly';

const PACKAGE = join(__dirname, '..', '..', 'package.json');
const CODE = 'c0de';
const PRESETS = 'f11e';

const HANDLER = `
import { createRequire } from 'node:module';
const { S3Client, GetObjectCommand, PutObjectCommand } = createRequire(${JSON.stringify(PACKAGE)})('@aws-sdk/client-s3');
const s3 = new S3Client({});
const put = (Bucket, Key, Body) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));

async function copy(message, context) {
  for (const { s3: { bucket, object } } of JSON.parse(message.body).Records) {
    const Key = decodeURIComponent(object.key.replaceAll('+', ' '));
    const stored = await s3.send(new GetObjectCommand({ Bucket: bucket.name, Key, VersionId: object.versionId }));
    const text = await stored.Body.transformToString();
    if (text === 'poison') throw new Error('poison');
    await put(process.env.OUTBOX, 'copied/' + Key, text);
    await put(process.env.OUTBOX, 'calls/' + context.awsRequestId + message.messageId, Key);
  }
}

export async function intake(event, context) {
  const batchItemFailures = [];
  for (const message of event.Records) {
    await copy(message, context).catch(() => batchItemFailures.push({ itemIdentifier: message.messageId }));
  }
  console.log(JSON.stringify({
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: 'Tiny', Metrics: [{ Name: 'Messages' }] }] },
    Messages: event.Records.length,
  }));
  return { batchItemFailures };
}

export async function sweep(event) {
  const denied = await put(process.env.STATE, 'not/allowed', '').catch(error => error.name);
  await put(process.env.OUTBOX, 'swept.json', JSON.stringify({ type: event['detail-type'], denied, pid: process.pid }));
}
`;

const arn = (id: string): object => ({ 'Fn::GetAtt': [id, 'Arn'] });
const objects = (id: string, keys = '*'): object => ({ 'Fn::Join': ['', [arn(id), '/', keys]] });

/** A bucket whose events go by a queue to a function that copies the objects into another bucket. */
export function writeTinyStack(): string {
  return writeAssembly({
    files: { [CODE]: { 'index.mjs': HANDLER }, [PRESETS]: { 'web.json': '{"v":1}', 'more/deep.json': '{}' } },
    template: {
      Resources: { ...storage(), ...compute() },
      Outputs: Object.fromEntries(
        ['Inbox', 'Outbox', 'State'].map(id => [`${id}Bucket`, { Value: { Ref: id } }]),
      ),
    },
  });
}

function storage(): Record<string, { Type: string; Properties: Record<string, unknown> }> {
  return {
    Inbox: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        NotificationConfiguration: {
          QueueConfigurations: [
            {
              Event: 's3:ObjectCreated:*',
              Queue: arn('Intake'),
              Filter: { S3Key: { Rules: [{ Name: 'suffix', Value: '.txt' }] } },
            },
          ],
        },
      },
    },
    Outbox: { Type: 'AWS::S3::Bucket', Properties: {} },
    State: { Type: 'AWS::S3::Bucket', Properties: {} },
    Presets: {
      Type: 'Custom::CDKBucketDeployment',
      Properties: {
        DestinationBucketName: { Ref: 'State' },
        DestinationBucketKeyPrefix: 'presets/',
        SourceObjectKeys: [`${PRESETS}.zip`],
      },
    },
    Dead: { Type: 'AWS::SQS::Queue', Properties: {} },
    Plain: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 60 } },
    Intake: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 1,
        RedrivePolicy: { deadLetterTargetArn: arn('Dead'), maxReceiveCount: 2 },
      },
    },
  };
}

function compute(): Record<string, { Type: string; Properties: Record<string, unknown> }> {
  const tiny = (Handler: string): { Type: string; Properties: Record<string, unknown> } => ({
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Key: `${CODE}.zip` },
      Handler,
      Runtime: 'nodejs22.x',
      Role: arn('Role'),
      Timeout: 30,
      MemorySize: 256,
      Environment: { Variables: { OUTBOX: { Ref: 'Outbox' }, STATE: { Ref: 'State' } } },
    },
  });
  return {
    Role: { Type: 'AWS::IAM::Role', Properties: {} },
    Policy: { Type: 'AWS::IAM::Policy', Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: policy() } },
    IntakeFunction: tiny('index.intake'),
    SweepFunction: tiny('index.sweep'),
    Source: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: { Ref: 'IntakeFunction' },
        EventSourceArn: arn('Intake'),
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
    },
    Schedule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        ScheduleExpression: 'rate(1 day)',
        Targets: [{ Id: 'sweep', Arn: arn('SweepFunction') }],
      },
    },
  };
}

function policy(): object {
  const consume = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  return {
    Statement: [
      { Effect: 'Allow', Action: 's3:GetObject*', Resource: objects('Inbox') },
      { Effect: 'Allow', Action: 's3:PutObject', Resource: objects('Outbox') },
      { Effect: 'Allow', Action: consume, Resource: arn('Intake') },
    ],
  };
}
