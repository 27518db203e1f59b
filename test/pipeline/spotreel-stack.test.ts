import { resourceNamed, synthPipeline } from '../support/synth-pipeline';

const pipeline = synthPipeline();

describe('the stack', () => {
  it.each([
    ['InboxBucket', 'PipelineStorageInbox'],
    ['OutboxBucket', 'PipelineStorageOutbox'],
    ['StateBucket', 'PipelineStorageState'],
  ])('says the name of its buckets: %s', (output, bucket) => {
    const { logicalId } = resourceNamed(pipeline, 'AWS::S3::Bucket', bucket);
    pipeline.template.hasOutput(output, { Value: { Ref: logicalId } });
  });

  it('says where its dashboard is and how to begin', () => {
    expect(Object.keys(pipeline.template.findOutputs('*'))).toEqual(
      expect.arrayContaining(['DashboardUrl', 'UploadCommand']),
    );
  });

  it('names the account and the region nowhere, so that it deploys anywhere', () => {
    expect(JSON.stringify(pipeline.template.toJSON())).not.toMatch(/\b\d{12}\b|\b(us|eu|ap)-[a-z]+-\d\b/);
  });

  it('adds one helper function of CDK to the four stages, and it runs at deployment only', () => {
    pipeline.template.resourceCountIs('AWS::Lambda::Function', 5);
    pipeline.template.resourceCountIs('Custom::CDKBucketDeployment', 1);
  });

  it('has nothing that is billed by the hour while nothing runs', () => {
    const { Resources } = pipeline.template.toJSON() as { Resources: Record<string, { Type: string }> };
    const types = new Set(
      Object.values(Resources).map(({ Type }) => Type.split('::').slice(0, 2).join('::')),
    );
    expect([...types].sort()).toEqual([
      'AWS::CloudWatch',
      'AWS::EC2',
      'AWS::ECS',
      'AWS::Events',
      'AWS::IAM',
      'AWS::Lambda',
      'AWS::Logs',
      'AWS::S3',
      'AWS::SQS',
      'Custom::CDKBucketDeployment',
      'Custom::SpotreelTasks',
    ]);
  });
});
