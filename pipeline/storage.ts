import { CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge';
import type { PipelineConfig } from './config';
import { keptLogs } from './logs';

/** A network lives for hours; what it was and what it has cost can be read for this long. */
const NETWORK_RECORD_DAYS = 90;

export interface StorageProps {
  readonly config: PipelineConfig;
}

/** Three buckets: what users upload, what they get, and what the pipeline remembers. */
export class Storage extends Construct {
  /** Where users put videos and manifests. Versioned, so that overwriting an upload cannot change a running job. */
  readonly inbox: Bucket;
  /** Where finished renditions and summaries appear. */
  readonly outbox: Bucket;
  /** Job records, markers, presets, and what workers upload before it is verified. */
  readonly state: Bucket;

  constructor(scope: Construct, id: string, { config }: StorageProps) {
    super(scope, id);
    const daysOfJob = Math.ceil(config.settings.jobExpiryMinutes / (24 * 60));
    const makeBucket = (name: string, rules: LifecycleRule[], versioned = false): Bucket =>
      privateBucket(this, name, { rules, versioned, keepData: config.keepData });

    this.inbox = makeBucket(
      'Inbox',
      [
        abortUploadsAfter(1),
        // A job reads the version that it was accepted with, even if it has been overwritten since.
        {
          id: 'old-versions',
          noncurrentVersionExpiration: Duration.days(Math.max(7, daysOfJob + 1)),
          expiredObjectDeleteMarker: true,
        },
      ],
      true,
    );
    this.outbox = makeBucket('Outbox', [abortUploadsAfter(1)]);
    this.state = makeBucket('State', [
      // The pipeline clears up after each job; this is for what a crash left, and must not overtake a job that still runs.
      abortUploadsAfter(daysOfJob + 1),
      { id: 'work', prefix: 'work/', expiration: Duration.days(daysOfJob + 1) },
      { id: 'waiting', prefix: 'waiting/', expiration: Duration.days(8) },
      { id: 'wanted', prefix: 'wanted/', expiration: Duration.days(8) },
      // Notes of tasks that ended without anybody hearing of it; no task may live longer than seven days.
      { id: 'tasks', prefix: 'tasks/', expiration: Duration.days(8) },
      ...(config.network.mode === 'perJobNat'
        ? [{ id: 'networks', prefix: 'networks/', expiration: Duration.days(NETWORK_RECORD_DAYS) }]
        : []),
    ]);
    if (!config.keepData) takeHelpersLogsAlong(this, config.logRetentionDays);
  }
}

/** CDK's helper would log into a group that Lambda makes for it, and that no `cdk destroy` removes. */
function takeHelpersLogsAlong(scope: Construct, retentionDays: number): void {
  const helper = Stack.of(scope)
    .node.tryFindChild('Custom::S3AutoDeleteObjectsCustomResourceProvider')
    ?.node.tryFindChild('Handler');
  if (!(helper instanceof CfnResource)) throw new Error('CDK keeps its helper elsewhere now');
  const { logGroupName } = keptLogs(scope, 'HelperLogs', retentionDays);
  helper.addPropertyOverride('LoggingConfig', { LogGroup: logGroupName });
}

function abortUploadsAfter(days: number): LifecycleRule {
  return { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(days) };
}

function privateBucket(
  scope: Construct,
  id: string,
  options: { rules: LifecycleRule[]; versioned: boolean; keepData: boolean },
): Bucket {
  const bucket = new Bucket(scope, id, {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    versioned: options.versioned,
    lifecycleRules: options.rules,
    removalPolicy: options.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    // CloudFormation cannot delete a bucket that is not empty; CDK's helper empties it, and exists in this mode only.
    autoDeleteObjects: !options.keepData,
  });
  acknowledge(
    bucket,
    'S1',
    'Access logs would be stored and billed for every request of an otherwise idle pipeline. Who did what is in the job records; CloudTrail data events can be switched on where an audit asks for them.',
  );
  return bucket;
}
