import { resourceNamed, synthPipeline } from '../support/synth-pipeline';

const pipeline = synthPipeline();

describe('presets', () => {
  it('are put below presets/ of the state bucket, and leave what users put there', () => {
    const { logicalId } = resourceNamed(pipeline, 'AWS::S3::Bucket', 'PipelineStorageState');
    pipeline.template.hasResourceProperties('Custom::CDKBucketDeployment', {
      DestinationBucketName: { Ref: logicalId },
      DestinationBucketKeyPrefix: 'presets/',
      Prune: false,
    });
  });
});
