import { Match } from 'aws-cdk-lib/assertions';
import { networkUsd } from '../../../core/cost/network';
import { ENDPOINT_SERVICES } from '../../../core/network-mode';
import type { PolicyQuestion } from '../../../local/iam';
import { RolePolicies } from '../../support/role-policies';
import {
  networkVariables,
  resourceNamed,
  resourcesOf,
  synthPipeline,
  warningsOf,
} from '../../support/synth-pipeline';

const pipeline = synthPipeline({ network: 'privateEndpoints' });
const policies = new RolePolicies(pipeline);
const bucket = (name: string): string =>
  policies.arn(resourceNamed(pipeline, 'AWS::S3::Bucket', `PipelineStorage${name}`).logicalId);
const endpoints = resourcesOf(pipeline, 'AWS::EC2::VPCEndpoint');
const interfaces = endpoints.filter(({ properties }) => properties['VpcEndpointType'] === 'Interface');

describe('the network privateEndpoints', () => {
  it('has no way to the internet: no gateway, no NAT, no address, and no route that anybody wrote', () => {
    for (const type of [
      'AWS::EC2::InternetGateway',
      'AWS::EC2::NatGateway',
      'AWS::EC2::EIP',
      'AWS::EC2::Route',
    ])
      pipeline.template.resourceCountIs(type, 0);
    expect(networkVariables(pipeline)).toMatchObject({ ASSIGN_PUBLIC_IP: 'DISABLED' });
    expect(resourcesOf(pipeline, 'AWS::EC2::Subnet')).toHaveLength(2);
  });

  it('has an interface endpoint, in each zone, for every service that a task calls, and names that lead to it', () => {
    expect(interfaces).toHaveLength(ENDPOINT_SERVICES.length);
    for (const service of ENDPOINT_SERVICES) {
      const endpoint = interfaces.find(({ properties }) =>
        JSON.stringify(properties['ServiceName']).includes(`.${service}"`),
      );
      expect(endpoint?.properties).toMatchObject({ PrivateDnsEnabled: true });
      expect(endpoint?.properties['SubnetIds']).toHaveLength(2);
    }
  });

  it('lets workers, and nobody else, to the endpoints', () => {
    const { logicalId: workers } = resourceNamed(
      pipeline,
      'AWS::EC2::SecurityGroup',
      'PipelineNetworkWorkerSecurityGroup',
    );
    pipeline.template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
    pipeline.template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      SourceSecurityGroupId: { 'Fn::GetAtt': [workers, 'GroupId'] },
      FromPort: 443,
      ToPort: 443,
    });
    pipeline.template.allResourcesProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: Match.absent(),
    });
  });

  it('says at synth what it costs while nothing runs', () => {
    const usd = networkUsd({ mode: 'privateEndpoints', zones: 2 }, { region: 'us-east-1', hours: 730 });
    expect(usd).toBeCloseTo(58.4, 9);
    expect(warningsOf(pipeline)).toEqual([
      expect.stringMatching(`8 interface endpoints .*${usd.toFixed(2)} USD a month`),
    ]);
    expect(warningsOf(synthPipeline())).toEqual([]);
  });

  it('costs half in one zone', () => {
    const oneZone = synthPipeline({ network: { mode: 'privateEndpoints', zones: 1 } });
    expect(resourcesOf(oneZone, 'AWS::EC2::Subnet')).toHaveLength(1);
    expect(warningsOf(oneZone)).toEqual([expect.stringMatching('4 interface endpoints .*29.20 USD a month')]);
  });
});

describe('what gets through the endpoint of S3', () => {
  const s3 = endpoints.find(({ properties }) => properties['VpcEndpointType'] === 'Gateway');
  const may = (action: string, resource: string): boolean =>
    policies.documentAllows(s3?.properties['PolicyDocument'], { action, resource });

  it.each([
    ['layers of images', 's3:GetObject', 'arn:aws:s3:::prod-eu-central-1-starport-layer-bucket/0123-layer'],
    ['a source', 's3:GetObjectVersion', `${bucket('Inbox')}/a folder/clip.mp4`],
    ['a ticket', 's3:GetObject', `${bucket('State')}/work/j/o/ticket.json`],
    ['a result, and a part of one', 's3:PutObject', `${bucket('State')}/work/j/o/d/out.mp4`],
  ])('is %s', (_what, action, resource) => {
    expect(may(action, resource)).toBe(true);
  });

  it.each([
    ['objects of other buckets', 's3:GetObject', 'arn:aws:s3:::of-another/clip.mp4'],
    ['video to other buckets', 's3:PutObject', 'arn:aws:s3:::of-another/clip.mp4'],
    [
      'layers of other regions',
      's3:GetObject',
      'arn:aws:s3:::prod-us-east-1-starport-layer-bucket/0123-layer',
    ],
    ['writing layers', 's3:PutObject', 'arn:aws:s3:::prod-eu-central-1-starport-layer-bucket/0123-layer'],
    ['writing sources', 's3:PutObject', `${bucket('Inbox')}/clip.mp4`],
    ['job records', 's3:GetObject', `${bucket('State')}/jobs/j.json`],
    ['published outputs', 's3:PutObject', `${bucket('Outbox')}/clip.mp4/web.mp4`],
    ['deleting', 's3:DeleteObject', `${bucket('State')}/work/j/o/d/out.mp4`],
    ['listing', 's3:ListBucket', bucket('State')],
  ])('is not %s', (_what, action, resource) => {
    expect(may(action, resource)).toBe(false);
  });
});

describe('what gets through the interface endpoints', () => {
  const may = (service: string, question: Omit<PolicyQuestion, 'resource'>): boolean => {
    const endpoint = interfaces.find(({ properties }) =>
      JSON.stringify(properties['ServiceName']).includes(`.${service}"`),
    );
    return policies.documentAllows(endpoint?.properties['PolicyDocument'], { ...question, resource: '*' });
  };
  const own = { 'aws:PrincipalAccount': '111122223333' };

  it.each([
    ['ecr.api', 'ecr:GetAuthorizationToken'],
    ['ecr.dkr', 'ecr:BatchGetImage'],
    ['sqs', 'sqs:ReceiveMessage'],
    ['logs', 'logs:PutLogEvents'],
  ])('of %s are calls by roles of this account, and of no other', (service, action) => {
    expect(may(service, { action, context: own })).toBe(true);
    expect(may(service, { action, context: { 'aws:PrincipalAccount': '999999999999' } })).toBe(false);
    expect(may(service, { action: 's3:GetObject', context: own })).toBe(false);
  });
});
