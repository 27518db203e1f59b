import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvironment } from '../../../handlers/adapters/environment';
import { idleCounts } from '../../../core/cost/idle';
import { ConfigError } from '../../../pipeline/config-error';
import { RolePolicies } from '../../support/role-policies';
import { resourceNamed, resourcesOf, synthPipeline } from '../../support/synth-pipeline';

const pipeline = synthPipeline({ network: 'perJobNat' });
const policies = new RolePolicies(pipeline);
const NETWORK_ROLE = 'PipelineNetworkStageRole';
const OTHER_ROLES = [
  'PipelineIntakeRole',
  'PipelineCompletionRole',
  'PipelineTaskStateRole',
  'PipelineSweepRole',
  'PipelineWorkerTaskRole',
];
const REGION = 'eu-central-1';
const arn = (resource: string): string => `arn:aws:ec2:${REGION}:111122223333:${resource}`;
const queueArn = (start: string): string =>
  policies.arn(resourceNamed(pipeline, 'AWS::SQS::Queue', start).logicalId);
const requests = queueArn('PipelineNetworkRequestsQueue');
const idOf = (type: string, start: string): string => resourceNamed(pipeline, type, start).logicalId;
const state = policies.arn(idOf('AWS::S3::Bucket', 'PipelineStorageState'));
const clusterId = idOf('AWS::ECS::Cluster', 'Pipeline');
const cluster = policies.arn(clusterId);
const task = policies.ecs(`task/${clusterId}/0123456789abcdef`);

type Case = readonly [action: string, resource: string, context?: Readonly<Record<string, string>>];

const OURS = 'Spotreel';
const tag = (kind: 'RequestTag' | 'ResourceTag', value: string) => ({
  [`aws:${kind}/spotreel:deployment`]: value,
});
const tagged = tag('ResourceTag', OURS);
const tagging = tag('RequestTag', OURS);

const CREATIONS: readonly [action: string, type: string][] = [
  ['AllocateAddress', 'elastic-ip'],
  ['CreateInternetGateway', 'internet-gateway'],
  ['CreateVpc', 'vpc'],
  ['CreateSubnet', 'subnet'],
  ['CreateRouteTable', 'route-table'],
  ['CreateSecurityGroup', 'security-group'],
  ['CreateNatGateway', 'natgateway'],
  ['CreateVpcEndpoint', 'vpc-endpoint'],
];
const CHANGES: readonly [action: string, type: string][] = [
  ['CreateSubnet', 'vpc'],
  ['CreateRouteTable', 'vpc'],
  ['CreateSecurityGroup', 'vpc'],
  ['CreateVpcEndpoint', 'vpc'],
  ['CreateVpcEndpoint', 'route-table'],
  ['CreateNatGateway', 'subnet'],
  ['CreateNatGateway', 'elastic-ip'],
  ['AttachInternetGateway', 'internet-gateway'],
  ['AttachInternetGateway', 'vpc'],
  ['AssociateRouteTable', 'route-table'],
  ['AssociateRouteTable', 'subnet'],
  ['CreateRoute', 'route-table'],
  ['AuthorizeSecurityGroupEgress', 'security-group'],
  ['RevokeSecurityGroupEgress', 'security-group'],
  ['DetachInternetGateway', 'internet-gateway'],
  ['DetachInternetGateway', 'vpc'],
  ['DisassociateRouteTable', 'route-table'],
  ['DeleteNatGateway', 'natgateway'],
  ['DeleteVpcEndpoints', 'vpc-endpoint'],
  ['ReleaseAddress', 'elastic-ip'],
  ['DeleteInternetGateway', 'internet-gateway'],
  ['DeleteSubnet', 'subnet'],
  ['DeleteRouteTable', 'route-table'],
  ['DeleteSecurityGroup', 'security-group'],
  ['DeleteVpc', 'vpc'],
];

const ALLOWED: readonly Case[] = [
  ...CREATIONS.map(([action, type]): Case => [`ec2:${action}`, arn(`${type}/*`), tagging]),
  ...CREATIONS.map(([action, type]): Case => [
    'ec2:CreateTags',
    arn(`${type}/*`),
    { 'ec2:CreateAction': action },
  ]),
  ...CHANGES.map(([action, type]): Case => [`ec2:${action}`, arn(`${type}/${type}-0123`), tagged]),
  ['ec2:DescribeNatGateways', '*', { 'aws:RequestedRegion': REGION }],
  ['sqs:SendMessage', requests],
  ['sqs:ReceiveMessage', requests],
  // The networks of a stack that is removed go with the tasks in them.
  ['ecs:StopTask', task, { 'ecs:cluster': cluster }],
  ['s3:PutObject', `${state}/networks/closed.json`],
  ['s3:DeleteObject', `${state}/networks/closed.json`],
];

const DENIED: readonly Case[] = [
  // What bears no tag of ours, or that of another deployment, is not to be touched.
  ...CHANGES.map(([action, type]): Case => [`ec2:${action}`, arn(`${type}/${type}-0123`)]),
  ...CHANGES.map(([action, type]): Case => [
    `ec2:${action}`,
    arn(`${type}/${type}-0123`),
    tag('ResourceTag', 'SpotreelOfAnother'),
  ]),
  // Nothing is to be made without the tag by which it can be found and removed.
  ...CREATIONS.map(([action, type]): Case => [`ec2:${action}`, arn(`${type}/*`)]),
  ...CREATIONS.map(([action, type]): Case => [
    `ec2:${action}`,
    arn(`${type}/*`),
    tag('RequestTag', 'SpotreelOfAnother'),
  ]),
  // A tag given later would make others' resources ours.
  ['ec2:CreateTags', arn('vpc/vpc-0123'), tagging],
  ['ec2:CreateTags', arn('vpc/vpc-0123'), { 'ec2:CreateAction': 'RunInstances' }],
  ['ec2:CreateTags', arn('instance/i-0123'), { 'ec2:CreateAction': 'CreateVpc' }],
  ['ec2:DeleteTags', arn('vpc/vpc-0123'), tagged],
  [
    'ecs:StopTask',
    policies.ecs('task/other/0123456789abcdef'),
    { 'ecs:cluster': policies.ecs('cluster/other') },
  ],
  ['s3:DeleteObject', `${state}/jobs/j.json`],
  ['s3:PutObject', `${state}/presets/web-720p.json`],
  ['ec2:DescribeVpcs', '*', { 'aws:RequestedRegion': 'us-east-1' }],
  ['ec2:AuthorizeSecurityGroupIngress', arn('security-group/sg-0123'), tagged],
  ['ec2:RunInstances', arn('instance/*'), tagging],
  ['ec2:DeleteNetworkInterface', arn('network-interface/eni-0123'), tagged],
  ['ec2:CreateVpcPeeringConnection', arn('vpc/vpc-0123'), tagged],
];

const rows = (cases: readonly Case[]) =>
  cases.map(([action, resource, context = {}]) => ({ action, resource, context }));

describe('the role of the stage that makes networks', () => {
  it.each(rows(ALLOWED))('may $action on $resource $context', question => {
    expect(policies.may(NETWORK_ROLE, question)).toBe(true);
  });

  it.each(rows(DENIED))('may not $action on $resource $context', question => {
    expect(policies.may(NETWORK_ROLE, question)).toBe(false);
  });

  it('names every action in full', () => {
    const actions = policies.statements(NETWORK_ROLE).flatMap(({ Action = [] }) => Action);
    expect(actions.filter(action => action.includes('*'))).toEqual([]);
  });
});

describe('the other roles', () => {
  it.each(OTHER_ROLES)('%s may do nothing in EC2, and starts no task', role => {
    const actions = policies.statements(role).flatMap(({ Action = [] }) => Action);
    expect(actions.filter(action => /^ec2:|^ecs:RunTask$|^iam:PassRole$/.test(action))).toEqual([]);
  });

  it.each(OTHER_ROLES.slice(0, 4))('%s may ask for networks', role => {
    expect(policies.may(role, { action: 'sqs:SendMessage', resource: requests })).toBe(true);
    expect(policies.may(role, { action: 'sqs:ReceiveMessage', resource: requests })).toBe(false);
  });

  it('of the sweep may see how many tasks there are', () => {
    const { logicalId } = resourceNamed(pipeline, 'AWS::ECS::Cluster', 'Pipeline');
    const question = { action: 'ecs:DescribeClusters', resource: policies.arn(logicalId) };
    expect(policies.may('PipelineSweepRole', question)).toBe(true);
  });

  it('of the worker may not', () => {
    const question = { action: 'sqs:SendMessage', resource: requests };
    expect(policies.may('PipelineWorkerTaskRole', question)).toBe(false);
  });
});

describe('the network perJobNat', () => {
  it('has nothing of a network in the template', () => {
    const types = Object.values(
      (pipeline.template.toJSON() as { Resources: Record<string, { Type: string }> }).Resources,
    ).map(({ Type }) => Type);
    expect(types.filter(type => type.startsWith('AWS::EC2::'))).toEqual([]);
  });

  it('tells every stage where to ask, and no place to start tasks in', () => {
    const functions = resourcesOf(pipeline, 'AWS::Lambda::Function').filter(({ logicalId }) =>
      /^Pipeline(Intake|Completion|TaskState|Sweep|NetworkStage)Function/.test(logicalId),
    );
    expect(functions).toHaveLength(5);
    for (const { properties } of functions) {
      const { Variables } = properties['Environment'] as { Variables: Record<string, unknown> };
      expect(Variables).toMatchObject({ ASSIGN_PUBLIC_IP: 'DISABLED', DEPLOYMENT: 'Spotreel' });
      expect(Variables).not.toHaveProperty('SUBNET_IDS');
      const text = Object.entries(Variables).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : name.endsWith('_URL') ? 'https://q.example' : 'arn:of:it',
      ]);
      expect(readEnvironment(Object.fromEntries(text) as NodeJS.ProcessEnv).settings.publicAddress).toBe(
        false,
      );
    }
  });

  it('lets no network live so short that no task could run in it', () => {
    expect(() => synthPipeline({ network: 'perJobNat', networkExpiryMinutes: 300 })).toThrow(ConfigError);
    expect(() => synthPipeline({ network: 'perJobNat', networkExpiryMinutes: 300 })).toThrow(
      /networkExpiryMinutes = 300: A task in the network may live for 360 minutes/,
    );
  });

  it('has alarms for dead requests and for networks that outlive their expiry', () => {
    const runbook = readFileSync(join(__dirname, '../../../docs/runbook.md'), 'utf8');
    const described = resourcesOf(pipeline, 'AWS::CloudWatch::Alarm').map(({ properties }) =>
      String(properties['AlarmDescription']),
    );
    for (const section of ['Dead network requests', 'Networks outlive their expiry']) {
      expect(described.filter(text => text.endsWith(`"${section}".`))).toHaveLength(1);
      expect(runbook).toContain(`\n## ${section}\n\n**Description.**`);
    }
  });

  it('calls somebody when networks have been overdue for an hour of sweeps', () => {
    synthPipeline({ network: 'perJobNat', sweepMinutes: 20 }).template.hasResourceProperties(
      'AWS::CloudWatch::Alarm',
      { MetricName: 'NetworksOverdue', Period: 1200, EvaluationPeriods: 3 },
    );
  });

  it('is refused together with status pages, which nobody could reach', () => {
    expect(() =>
      synthPipeline({ network: 'perJobNat', statusPort: 8080, statusCidrs: ['203.0.113.0/24'] }),
    ).toThrow(
      /^The configuration cannot be used:\n {2}\/statusPort = 8080: With network = perJobNat nobody can open the page: .* Leave out statusPort and statusCidrs, or use the network publicSubnet,/,
    );
  });

  it('is counted in the idle cost by what it adds: two alarm metrics, one metric, one polled queue', () => {
    const alarms = resourcesOf(pipeline, 'AWS::CloudWatch::Alarm').flatMap(({ properties }) => {
      const { Metrics = [] } = properties as { Metrics?: { MetricStat?: object }[] };
      return Metrics.length === 0 ? [properties] : Metrics.filter(one => one.MetricStat !== undefined);
    });
    const { alarmMetrics, polledQueues, metrics } = idleCounts('perJobNat');
    expect(alarms).toHaveLength(alarmMetrics);
    expect(resourcesOf(pipeline, 'AWS::Lambda::EventSourceMapping')).toHaveLength(polledQueues);
    expect(metrics).toContain('NetworksOverdue');
  });
});
