import { Match } from 'aws-cdk-lib/assertions';
import { resourceNamed, synthPipeline } from '../support/synth-pipeline';

const pipeline = synthPipeline();

describe('task state', () => {
  const { logicalId: deadLetters } = resourceNamed(
    pipeline,
    'AWS::SQS::Queue',
    'PipelineTaskStateDeadLetters',
  );
  const { logicalId: handler } = resourceNamed(
    pipeline,
    'AWS::Lambda::Function',
    'PipelineTaskStateFunction',
  );

  it('hears of the tasks of its own cluster that stopped, and of nothing else', () => {
    const { logicalId: cluster } = resourceNamed(pipeline, 'AWS::ECS::Cluster', 'Pipeline');
    pipeline.template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.ecs'],
        'detail-type': ['ECS Task State Change'],
        detail: { clusterArn: [{ 'Fn::GetAtt': [cluster, 'Arn'] }], lastStatus: ['STOPPED'] },
      },
      Targets: [
        Match.objectLike({
          Arn: { 'Fn::GetAtt': [handler, 'Arn'] },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': [deadLetters, 'Arn'] } },
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        }),
      ],
    });
  });

  it('keeps events that it failed on every time', () => {
    pipeline.template.hasResourceProperties('AWS::Lambda::Function', {
      DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': [deadLetters, 'Arn'] } },
      Description: 'Spotreel task-state',
    });
    pipeline.template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: handler },
      MaximumRetryAttempts: 2,
    });
  });
});
