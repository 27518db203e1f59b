import { Match } from 'aws-cdk-lib/assertions';
import type { PipelineConfigInput } from '../../pipeline/config';
import { resourceNamed, resourcesOf, synthPipeline } from '../support/synth-pipeline';

const pipeline = synthPipeline();
const BUCKETS = ['Inbox', 'Outbox', 'State'] as const;

interface Rule {
  readonly Prefix?: string;
  readonly ExpirationInDays?: number;
}

const rulesOf = (bucket: string, config = {}): Rule[] => {
  const synthesized = Object.keys(config).length === 0 ? pipeline : synthPipeline(config);
  const { properties } = resourceNamed(synthesized, 'AWS::S3::Bucket', `PipelineStorage${bucket}`);
  return (properties['LifecycleConfiguration'] as { Rules: Rule[] }).Rules;
};

describe('buckets', () => {
  it('are three', () => {
    expect(resourcesOf(pipeline, 'AWS::S3::Bucket')).toHaveLength(BUCKETS.length);
  });

  it.each(BUCKETS)('%s is private, encrypted and owned by the account', bucket => {
    const { properties } = resourceNamed(pipeline, 'AWS::S3::Bucket', `PipelineStorage${bucket}`);
    expect(properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
  });

  it.each(BUCKETS)('%s refuses what does not come by TLS', bucket => {
    const { logicalId } = resourceNamed(pipeline, 'AWS::S3::Bucket', `PipelineStorage${bucket}`);
    pipeline.template.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: logicalId },
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Action: 's3:*',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      },
    });
  });

  it('the inbox alone keeps versions, long enough for any job to read the one that it was accepted with', () => {
    const versioned = resourcesOf(pipeline, 'AWS::S3::Bucket').filter(
      ({ properties }) => properties['VersioningConfiguration'] !== undefined,
    );
    expect(versioned.map(({ logicalId }) => logicalId)).toEqual([
      expect.stringMatching(/^PipelineStorageInbox/),
    ]);
    expect(rulesOf('Inbox')).toContainEqual(
      expect.objectContaining({ NoncurrentVersionExpiration: { NoncurrentDays: 7 } }),
    );
    expect(rulesOf('Inbox', { jobExpiryMinutes: 14 * 24 * 60 })).toContainEqual(
      expect.objectContaining({ NoncurrentVersionExpiration: { NoncurrentDays: 15 } }),
    );
  });

  it.each(BUCKETS)('%s forgets uploads that were never completed', bucket => {
    expect(rulesOf(bucket)).toContainEqual(
      expect.objectContaining({
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: bucket === 'State' ? 2 : 1 },
      }),
    );
  });

  it('forget work that a crash left, but not that of a job which may still run', () => {
    expect(rulesOf('State')).toContainEqual(
      expect.objectContaining({ Prefix: 'work/', ExpirationInDays: 2, Status: 'Enabled' }),
    );
    expect(rulesOf('State', { jobExpiryMinutes: 3 * 24 * 60 })).toContainEqual(
      expect.objectContaining({ Prefix: 'work/', ExpirationInDays: 4 }),
    );
  });

  it('never forget records, receipts, presets and results', () => {
    const rules = [...rulesOf('State'), ...rulesOf('Outbox')];
    const expiring = rules.filter(rule => rule.ExpirationInDays !== undefined);
    expect(expiring.map(({ Prefix }) => Prefix)).toEqual(['work/', 'waiting/', 'wanted/', 'tasks/']);
  });

  it('outlive the stack unless they are told not to', () => {
    pipeline.template.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
    pipeline.template.resourceCountIs('Custom::S3AutoDeleteObjects', 0);
    const { template } = synthPipeline({ keepData: false });
    template.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
    template.resourceCountIs('Custom::S3AutoDeleteObjects', BUCKETS.length);
  });
});

describe('what `cdk destroy` leaves behind', () => {
  const kept = (config: PipelineConfigInput): string[] => {
    const { template } = synthPipeline(config);
    const { Resources } = template.toJSON() as {
      Resources: Record<string, { Type: string; DeletionPolicy?: string; UpdateReplacePolicy?: string }>;
    };
    return Object.entries(Resources).flatMap(([id, { Type, DeletionPolicy = 'Delete' }]) =>
      DeletionPolicy === 'Delete' ? [] : [`${Type} ${id.replace(/[0-9A-F]{8}$/, '')}`],
    );
  };

  it.each<PipelineConfigInput>([
    { keepData: true },
    { keepData: true, network: 'privateEndpoints' },
    { keepData: true, statusPort: 8080, statusCidrs: ['203.0.113.0/24'], alarmEmail: 'a@example.org' },
  ])('is the three buckets with %j, and nothing else', config => {
    expect(kept(config).sort()).toEqual(BUCKETS.map(name => `AWS::S3::Bucket PipelineStorage${name}`));
  });

  it.each<PipelineConfigInput>([{ keepData: false }, { keepData: false, network: 'privateEndpoints' }])(
    'is nothing with %j',
    config => expect(kept(config)).toEqual([]),
  );

  it('is no log group that a function would make for itself: each has one of the stack', () => {
    const { template } = synthPipeline({ keepData: false });
    const functions = Object.values(template.findResources('AWS::Lambda::Function'));
    expect(functions.length).toBeGreaterThan(5);
    for (const { Properties } of functions)
      expect(Properties).toMatchObject({
        LoggingConfig: { LogGroup: { Ref: expect.any(String) as string } },
      });
    for (const group of Object.values(template.findResources('AWS::Logs::LogGroup')))
      expect(group).toMatchObject({ DeletionPolicy: 'Delete' });
  });
});
