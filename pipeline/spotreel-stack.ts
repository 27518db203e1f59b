import type { StackProps } from 'aws-cdk-lib';
import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { MediaPipelineProps } from './media-pipeline';
import { MediaPipeline } from './media-pipeline';

export interface SpotreelStackProps extends MediaPipelineProps {
  readonly stackProps?: StackProps;
}

/** One pipeline, and what its users need to know of it. */
export class SpotreelStack extends Stack {
  constructor(scope: Construct, id: string, props: SpotreelStackProps) {
    super(scope, id, {
      description: 'Spotreel: videos in, renditions out, compute only while a frame is being encoded',
      ...props.stackProps,
    });
    // CDK makes every function wait for its role twice, by DependsOn and by Role: cfn-lint's only remark.
    this.templateOptions.metadata = { 'cfn-lint': { config: { ignore_checks: ['W3005'] } } };
    const { storage, observability } = new MediaPipeline(this, 'Pipeline', props);
    const say = (name: string, value: string, description: string): void => {
      new CfnOutput(this, name, { value, description });
    };
    say('InboxBucket', storage.inbox.bucketName, 'Put videos and their manifests here');
    say('OutboxBucket', storage.outbox.bucketName, 'Renditions and summaries appear here');
    say('StateBucket', storage.state.bucketName, 'Presets, to be edited, and job records, to be read');
    say(
      'DashboardUrl',
      `https://${this.region}.console.aws.amazon.com/cloudwatch/home?region=${this.region}#dashboards/dashboard/${observability.dashboard.dashboardName}`,
      'What the pipeline does, and how well',
    );
    say(
      'UploadCommand',
      `aws s3 cp clip.mp4 s3://${storage.inbox.bucketName}/ --metadata preset=web-720p`,
      'Puts a video in; the outbox has the result some minutes later',
    );
  }
}
