import type { LocalTaskDefinition } from '../ecs/service';
import type { RolePolicies } from '../iam';
import type { WhyUnreachable } from './networks';

/** A deployed stack, as far as the local cloud acts on it. */
export interface CloudModel {
  readonly stackName: string;
  readonly region: string;
  readonly accountId: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly buckets: readonly BucketModel[];
  readonly queues: readonly QueueModel[];
  readonly functions: readonly FunctionModel[];
  readonly eventSources: readonly EventSourceModel[];
  readonly rules: readonly RuleModel[];
  readonly roles: readonly RolePolicies[];
  /** ARNs. */
  readonly clusters: readonly string[];
  readonly taskDefinitions: readonly LocalTaskDefinition[];
  readonly whyUnreachable: WhyUnreachable;
  readonly bucketDeployments: readonly BucketDeploymentModel[];
}

export interface BucketModel {
  readonly name: string;
  readonly versioned: boolean;
  readonly notifications: readonly NotificationModel[];
}

/** Events of a bucket that go to a queue. */
export interface NotificationModel {
  readonly queueArn: string;
  /** Such as `s3:ObjectCreated:*`. */
  readonly event: string;
  /** Of the key as it was uploaded. Default: any key. */
  readonly prefix: string;
  readonly suffix: string;
}

export interface QueueModel {
  readonly name: string;
  readonly arn: string;
  /** As `CreateQueue` takes them, the redrive policy included. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface FunctionModel {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** Folder that the bundle is in. */
  readonly codeDirectory: string;
  /** Module and export, such as `index.handler`. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Invocations at one time. Absent: as many as the local cloud allows. */
  readonly reservedConcurrency?: number;
  /** Retries of a failed asynchronous invocation. */
  readonly retryAttempts: number;
  /** Queue for events whose asynchronous invocation failed every time. */
  readonly deadLetterArn?: string;
}

/** A queue that a function is fed from. */
export interface EventSourceModel {
  readonly functionArn: string;
  readonly queueArn: string;
  readonly batchSize: number;
  /** Seconds to wait for a batch to fill. */
  readonly batchingWindowSeconds: number;
  readonly reportBatchItemFailures: boolean;
  readonly maximumConcurrency?: number;
}

/** An EventBridge rule or schedule that is enabled. */
export interface RuleModel {
  readonly name: string;
  readonly arn: string;
  readonly pattern?: Readonly<Record<string, unknown>>;
  /** `rate(…)` or `cron(…)`. */
  readonly schedule?: string;
  readonly targets: readonly TargetModel[];
}

export interface TargetModel {
  /** Of a function or a queue. */
  readonly arn: string;
  /** JSON that replaces the event. */
  readonly input?: string;
  readonly inputTransformer?: {
    readonly paths: Readonly<Record<string, string>>;
    readonly template: string;
  };
  readonly deadLetterArn?: string;
}

/** Files that come into a bucket with the stack. */
export interface BucketDeploymentModel {
  readonly logicalId: string;
  readonly bucket: string;
  /** With the slash at its end; empty for the top of the bucket. */
  readonly keyPrefix: string;
  /** Tells one content from another. */
  readonly contentHash: string;
  readonly directories: readonly string[];
}
