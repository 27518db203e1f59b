import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { acknowledge, acknowledgePattern } from './acknowledge';
import { keptLogs } from './logs';
import { REPOSITORY } from './paths';

export interface PresetsProps {
  readonly bucket: IBucket;
  readonly logRetentionDays: number;
}

/**
 * Puts the presets of presets/ where intake looks for them. Presets that users added there stay; a shipped one that
 * was edited there stays too, until a deployment brings a newer one. Edit under a name of your own.
 */
export class Presets extends Construct {
  constructor(scope: Construct, id: string, props: PresetsProps) {
    super(scope, id);
    const deployment = new BucketDeployment(this, 'Deployment', {
      // The schemas are for editors; intake takes every JSON file for a preset.
      sources: [Source.asset(`${REPOSITORY}/presets`, { exclude: ['schema', 'schema/**', '*.md'] })],
      destinationBucket: props.bucket,
      destinationKeyPrefix: 'presets/',
      prune: false,
      logGroup: keptLogs(this, 'Logs', props.logRetentionDays),
    });
    // CDK shares one helper function among all deployments of a stack, and keeps it beside this construct.
    acknowledgeHelper(deployment.handlerRole.node.scope ?? this, props.bucket);
  }
}

function acknowledgeHelper(helper: Construct, bucket: IBucket): void {
  const copies =
    "CDK's own helper, which copies the presets at deployment and is not run otherwise. CDK grants it reading of the asset and writing of this bucket in these terms.";
  for (const action of ['s3:GetObject*', 's3:GetBucket*', 's3:List*', 's3:DeleteObject*', 's3:Abort*'])
    acknowledge(helper, `IAM5[Action::${action}]`, copies);
  acknowledgePattern(helper, bucket.arnForObjects('*'), copies);
  acknowledge(
    helper,
    'IAM5[Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*]',
    copies,
  );
  acknowledge(
    helper,
    'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
    "CDK's own helper, which has this policy built in; the policy allows writing logs and nothing else.",
  );
  acknowledge(helper, 'L1', "CDK's own helper runs on the Python version that this CDK release ships.");
}
