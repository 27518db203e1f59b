import { resourceNamed, synthPipeline } from '../support/synth-pipeline';

const pipeline = synthPipeline();

describe('completion', () => {
  it('reads reports ten at a time and gives back the bad ones only', () => {
    const { logicalId: queue } = resourceNamed(pipeline, 'AWS::SQS::Queue', 'PipelineReportsQueue');
    pipeline.template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [queue, 'Arn'] },
      FunctionName: {
        Ref: resourceNamed(pipeline, 'AWS::Lambda::Function', 'PipelineCompletionFunction').logicalId,
      },
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 10 },
    });
  });

  it('and intake run as often at once as they are told to', () => {
    const { template } = synthPipeline({ functionsAtOnce: 40 });
    const mappings = template.findResources('AWS::Lambda::EventSourceMapping');
    const atOnce = Object.values(mappings).map(
      ({ Properties }) => (Properties as { ScalingConfig: object }).ScalingConfig,
    );
    expect(atOnce).toEqual([{ MaximumConcurrency: 40 }, { MaximumConcurrency: 40 }]);
  });
});
