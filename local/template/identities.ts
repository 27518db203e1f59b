import { createHash } from 'node:crypto';
import type { Namer } from './names';

/** What the identity of a resource is made from. */
export interface Naming {
  readonly logicalId: string;
  readonly type: string;
  readonly region: string;
  readonly accountId: string;
  readonly stackName: string;
  /** Base of queue URLs, such as `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  readonly namer: Namer;
  /** A property as text; undefined where the template does not give it. */
  property(name: string): string | undefined;
}

/** What `Ref` and `Fn::GetAtt` answer for a resource. */
export interface Identity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

type Identify = (naming: Naming) => Identity;

const IDENTITIES = new Map<string, Identify>([
  ['AWS::S3::Bucket', bucket],
  ['AWS::SQS::Queue', queue],
  ['AWS::Lambda::Function', lambdaFunction],
  ['AWS::Lambda::EventSourceMapping', naming => ({ ref: uuidOf(naming.logicalId), attributes: {} })],
  ['AWS::Events::Rule', rule],
  ['AWS::Scheduler::Schedule', schedule],
  ['AWS::ECS::Cluster', cluster],
  ['AWS::ECS::TaskDefinition', taskDefinition],
  ['AWS::IAM::Role', role],
  ['AWS::IAM::ManagedPolicy', managedPolicy],
]);

/** Namespaces whose resources are accepted without being acted on. */
const PASSIVE_NAMESPACES = [
  'AWS::ApplicationAutoScaling::',
  'AWS::Budgets::',
  'AWS::CDK::',
  'AWS::CloudFormation::',
  'AWS::CloudWatch::',
  'AWS::EC2::',
  'AWS::ECS::',
  'AWS::Events::',
  'AWS::IAM::',
  'AWS::KMS::',
  'AWS::Lambda::',
  'AWS::Logs::',
  'AWS::ResourceGroups::',
  'AWS::S3::',
  'AWS::Scheduler::',
  'AWS::SNS::',
  'AWS::SQS::',
  'AWS::SSM::',
  'Custom::',
];

const EC2_ID_PREFIXES = new Map([
  ['AWS::EC2::VPC', 'vpc'],
  ['AWS::EC2::Subnet', 'subnet'],
  ['AWS::EC2::SecurityGroup', 'sg'],
  ['AWS::EC2::InternetGateway', 'igw'],
  ['AWS::EC2::RouteTable', 'rtb'],
  ['AWS::EC2::VPCEndpoint', 'vpce'],
  ['AWS::EC2::NatGateway', 'nat'],
]);

/** Undefined for a type of which nothing is known. */
export function identify(naming: Naming): Identity | undefined {
  const known = IDENTITIES.get(naming.type);
  if (known) return known(naming);
  if (!PASSIVE_NAMESPACES.some(namespace => naming.type.startsWith(namespace))) return undefined;
  return { ref: passiveRef(naming), attributes: {} };
}

/** An attribute of a resource that nothing acts on: of the right shape, for those who compare shapes only. */
export function passiveAttribute(naming: Naming, ref: string, name: string): string {
  const property = naming.property(name);
  if (property !== undefined) return property;
  if (/Arn$/.test(name)) {
    const service = naming.type.split('::')[1]?.toLowerCase() ?? 'custom';
    const ending = naming.type === 'AWS::Logs::LogGroup' ? `log-group:${ref}:*` : ref;
    return arn(naming, service, ending);
  }
  if (/^(?:.+)?Id$/.test(name)) return ref;
  return `${ref}-${name}`;
}

function bucket(naming: Naming): Identity {
  const name = naming.property('BucketName') ?? naming.namer.bucketName(naming.logicalId);
  const domain = `${name}.s3.amazonaws.com`;
  return {
    ref: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: domain,
      RegionalDomainName: `${name}.s3.${naming.region}.amazonaws.com`,
    },
  };
}

function queue(naming: Naming): Identity {
  const suffix = naming.property('FifoQueue') === 'true' ? '.fifo' : '';
  const name = naming.property('QueueName') ?? `${naming.namer.name(naming.logicalId)}${suffix}`;
  const url = `${naming.endpoint}/${naming.accountId}/${name}`;
  return { ref: url, attributes: { Arn: arn(naming, 'sqs', name), QueueName: name, QueueUrl: url } };
}

function lambdaFunction(naming: Naming): Identity {
  const name = naming.property('FunctionName') ?? naming.namer.name(naming.logicalId);
  return { ref: name, attributes: { Arn: arn(naming, 'lambda', `function:${name}`) } };
}

function rule(naming: Naming): Identity {
  const name = naming.property('Name') ?? naming.namer.name(naming.logicalId);
  return { ref: name, attributes: { Arn: arn(naming, 'events', `rule/${name}`) } };
}

function schedule(naming: Naming): Identity {
  const name = naming.property('Name') ?? naming.namer.name(naming.logicalId);
  return { ref: name, attributes: { Arn: arn(naming, 'scheduler', `schedule/default/${name}`) } };
}

function cluster(naming: Naming): Identity {
  const name = naming.property('ClusterName') ?? naming.namer.name(naming.logicalId);
  return { ref: name, attributes: { Arn: arn(naming, 'ecs', `cluster/${name}`) } };
}

function taskDefinition(naming: Naming): Identity {
  const family = naming.property('Family') ?? naming.namer.name(naming.logicalId);
  const definition = arn(naming, 'ecs', `task-definition/${family}:1`);
  return { ref: definition, attributes: { TaskDefinitionArn: definition } };
}

function role(naming: Naming): Identity {
  const name = naming.property('RoleName') ?? naming.namer.name(naming.logicalId);
  return {
    ref: name,
    attributes: {
      Arn: `arn:aws:iam::${naming.accountId}:role/${name}`,
      RoleId: `AROA${hexOf(name, 16).toUpperCase()}`,
    },
  };
}

function managedPolicy(naming: Naming): Identity {
  const name = naming.property('ManagedPolicyName') ?? naming.namer.name(naming.logicalId);
  const policy = `arn:aws:iam::${naming.accountId}:policy/${name}`;
  return { ref: policy, attributes: { PolicyArn: policy } };
}

function passiveRef(naming: Naming): string {
  const prefix = EC2_ID_PREFIXES.get(naming.type);
  if (prefix) return `${prefix}-${hexOf(`${naming.stackName}/${naming.logicalId}`, 17)}`;
  return naming.property('Name') ?? naming.property('LogGroupName') ?? naming.namer.name(naming.logicalId);
}

function arn(naming: Naming, service: string, resource: string): string {
  return `arn:aws:${service}:${naming.region}:${naming.accountId}:${resource}`;
}

function hexOf(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

function uuidOf(text: string): string {
  return hexOf(text, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
