import { Match } from 'aws-cdk-lib/assertions';
import { resourceNamed, synthPipeline } from '../support/synth-pipeline';

const pipeline = synthPipeline();

describe('intake', () => {
  const { logicalId: queue } = resourceNamed(pipeline, 'AWS::SQS::Queue', 'PipelineIntakeEventsQueue');

  it('hears of every object that is made in the inbox, by its queue', () => {
    const { properties } = resourceNamed(pipeline, 'AWS::S3::Bucket', 'PipelineStorageInbox');
    expect(properties['NotificationConfiguration']).toEqual({
      QueueConfigurations: [{ Event: 's3:ObjectCreated:*', Queue: { 'Fn::GetAtt': [queue, 'Arn'] } }],
    });
  });

  it('takes events from buckets of this account only', () => {
    pipeline.template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      Queues: [{ Ref: queue }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 's3.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Condition: Match.objectLike({ StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } }),
          }),
        ]),
      },
    });
  });

  it('has its queue opened to S3 before the inbox is made, which S3 tries at once', () => {
    const { logicalId: policy } = resourceNamed(
      pipeline,
      'AWS::SQS::QueuePolicy',
      'PipelineIntakeEventsQueue',
    );
    pipeline.template.hasResource('AWS::S3::Bucket', {
      Properties: Match.objectLike({ NotificationConfiguration: Match.anyValue() }),
      DependsOn: Match.arrayWith([policy]),
    });
  });

  it('reads uploads ten at a time and gives back the bad ones only', () => {
    pipeline.template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [queue, 'Arn'] },
      FunctionName: {
        Ref: resourceNamed(pipeline, 'AWS::Lambda::Function', 'PipelineIntakeFunction').logicalId,
      },
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 10 },
    });
  });
});
