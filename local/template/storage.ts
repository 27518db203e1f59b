import { createHash } from 'node:crypto';
import { z } from 'zod';
import { LocalCloudError } from '../local-cloud-error';
import type { BucketDeploymentModel, BucketModel, NotificationModel, QueueModel } from './model';
import type { Resources } from './resources';
import { text, truth } from './scalars';

const filterRule = z.object({ Name: z.string(), Value: z.string() });

const queueConfiguration = z.object({
  Event: z.string(),
  Queue: z.string(),
  Filter: z.object({ S3Key: z.object({ Rules: z.array(filterRule) }) }).optional(),
});

const bucketSchema = z.object({
  VersioningConfiguration: z.object({ Status: z.string() }).optional(),
  NotificationConfiguration: z
    .strictObject({ QueueConfigurations: z.array(queueConfiguration).default([]) })
    .optional(),
});

const QUEUE_ATTRIBUTES = [
  'ContentBasedDeduplication',
  'DelaySeconds',
  'FifoQueue',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'VisibilityTimeout',
];

const queueSchema = z
  .object({
    RedrivePolicy: z
      .object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() })
      .optional(),
  })
  .catchall(z.unknown());

const deploymentSchema = z.object({
  DestinationBucketName: z.string(),
  DestinationBucketKeyPrefix: z.string().default(''),
  SourceObjectKeys: z.array(z.string()),
  Extract: truth.default(true),
});

export function readBuckets(resources: Resources): BucketModel[] {
  return resources.ofType('AWS::S3::Bucket').map(resource => {
    const { VersioningConfiguration, NotificationConfiguration } = resource.properties(bucketSchema);
    return {
      name: resource.ref,
      versioned: VersioningConfiguration?.Status === 'Enabled',
      notifications: (NotificationConfiguration?.QueueConfigurations ?? []).map(toNotification),
    };
  });
}

export function readQueues(resources: Resources): QueueModel[] {
  return resources.ofType('AWS::SQS::Queue').map(resource => {
    const properties = resource.properties(queueSchema);
    const attributes = QUEUE_ATTRIBUTES.flatMap(name =>
      properties[name] === undefined ? [] : [[name, text.parse(properties[name])] as const],
    );
    const { RedrivePolicy } = properties;
    return {
      name: resource.attribute('QueueName'),
      arn: resource.attribute('Arn'),
      attributes: {
        ...Object.fromEntries(attributes),
        ...(RedrivePolicy && { RedrivePolicy: JSON.stringify(RedrivePolicy) }),
      },
    };
  });
}

export function readBucketDeployments(resources: Resources): BucketDeploymentModel[] {
  return resources.ofType('Custom::CDKBucketDeployment').map(resource => {
    const properties = resource.properties(deploymentSchema);
    if (!properties.Extract) {
      throw new LocalCloudError(
        `Resource ${resource.logicalId} sets extract to false, which is not supported locally.`,
      );
    }
    const { DestinationBucketName: bucket, DestinationBucketKeyPrefix: prefix } = properties;
    const keyPrefix = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
    const hash = createHash('sha256').update(
      JSON.stringify([bucket, keyPrefix, properties.SourceObjectKeys]),
    );
    return {
      logicalId: resource.logicalId,
      bucket,
      keyPrefix,
      contentHash: hash.digest('hex'),
      directories: properties.SourceObjectKeys.map(key => assetOf(resources, key, resource.logicalId)),
    };
  });
}

/** The folder of the asset that a template names by its key in the assets bucket: `<hash>.zip`. */
export function assetOf(resources: Resources, key: string, logicalId: string): string {
  const path = resources.assembly.files.get(key.replace(/\.\w+$/, ''));
  if (path !== undefined) return path;
  throw new LocalCloudError(
    `Resource ${logicalId} uses the asset ${key}, which the assets file of ${resources.assembly.directory} does not have; synthesize again.`,
  );
}

function toNotification({ Event, Queue, Filter }: z.infer<typeof queueConfiguration>): NotificationModel {
  const rule = (name: string): string =>
    Filter?.S3Key.Rules.find(({ Name }) => Name.toLowerCase() === name)?.Value ?? '';
  return { event: Event, queueArn: Queue, prefix: rule('prefix'), suffix: rule('suffix') };
}
