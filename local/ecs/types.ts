import type { AccessKey, Authorize, Keyring } from '../types';

/** An AWS tag, as ECS spells it. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** One container of a task definition. */
export interface LocalContainer {
  readonly name: string;
  readonly image: string;
  /** Program and arguments; nothing is taken from the image, so an entry point belongs in here. */
  readonly command: readonly string[];
  /** Kept for DescribeTaskDefinition. The process starts in the folder that stands for the image. */
  readonly workingDirectory?: string;
  readonly environment: Readonly<Record<string, string>>;
  /** When an essential container stops, the whole task stops. */
  readonly essential: boolean;
  /** Seconds between SIGTERM and SIGKILL. Default 30; Fargate allows at most 120. */
  readonly stopTimeoutSeconds?: number;
}

/** A registered Fargate task definition. */
export interface LocalTaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  /** CPU units, 1024 to the vCPU, as ECS writes them: `"2048"`. */
  readonly cpu: string;
  /** MiB, as ECS writes it: `"4096"`. */
  readonly memory: string;
  /** Default 20, which is what Fargate gives for free. */
  readonly ephemeralStorageGiB?: number;
  /** Absent: the task gets no credentials. */
  readonly taskRoleArn?: string;
  readonly executionRoleArn?: string;
  readonly runtimePlatform?: { readonly cpuArchitecture?: string; readonly operatingSystemFamily?: string };
  readonly containers: readonly LocalContainer[];
  /** Given to tasks that are run with `propagateTags: TASK_DEFINITION`. */
  readonly tags?: readonly Tag[];
}

export type TaskStatus = 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'DEPROVISIONING' | 'STOPPED';

/** `TerminationNotice` is seen only between a Spot warning and the task's end. */
export type StopCode =
  | 'TaskFailedToStart'
  | 'EssentialContainerExited'
  | 'UserInitiated'
  | 'TerminationNotice'
  | 'SpotInterruption';

export interface TaskContainer {
  readonly containerArn: string;
  readonly name: string;
  readonly image: string;
  readonly runtimeId: string;
  readonly lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  /** 128 + signal number when a signal ended it. Absent while it runs, and when it never started. */
  readonly exitCode?: number;
  readonly reason?: string;
}

export interface TaskNetworkInterface {
  readonly attachmentId: string;
  readonly networkInterfaceId: string;
  readonly macAddress: string;
  readonly subnetId: string;
  readonly privateIpv4Address: string;
  readonly securityGroupIds: readonly string[];
  /** Absent where none was asked for. */
  readonly publicIpv4Address?: string;
  readonly status: 'PRECREATED' | 'ATTACHED' | 'DELETED';
}

export interface ContainerOverride {
  readonly name: string;
  readonly command?: readonly string[];
  readonly environment?: ReadonlyArray<{ readonly name: string; readonly value: string }>;
}

export interface TaskOverrides {
  readonly cpu?: string;
  readonly memory?: string;
  readonly ephemeralStorage?: { readonly sizeInGiB: number };
  readonly taskRoleArn?: string;
  readonly executionRoleArn?: string;
  readonly containerOverrides: readonly ContainerOverride[];
}

/** All that is known of a task. Times are ISO 8601; they are absent until the moment has come. */
export interface Task {
  readonly taskArn: string;
  readonly clusterArn: string;
  readonly taskDefinitionArn: string;
  readonly family: string;
  readonly group: string;
  /** Starts at 1 and grows with every state change; tells a late event from a new one. */
  readonly version: number;
  readonly lastStatus: TaskStatus;
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
  readonly cpu: string;
  readonly memory: string;
  readonly ephemeralStorageGiB: number;
  /** Absent when the task was run by launch type. */
  readonly capacityProviderName?: string;
  readonly cpuArchitecture: string;
  readonly availabilityZone: string;
  readonly networkInterface: TaskNetworkInterface;
  readonly startedBy?: string;
  /** Emptied when somebody stops the task. */
  readonly tags: readonly Tag[];
  readonly overrides: TaskOverrides;
  readonly containers: readonly TaskContainer[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly pullStartedAt?: string;
  readonly pullStoppedAt?: string;
  readonly connectivityAt?: string;
  readonly startedAt?: string;
  readonly stoppingAt?: string;
  readonly executionStoppedAt?: string;
  readonly stoppedAt?: string;
  readonly stopCode?: StopCode;
  readonly stoppedReason?: string;
}

/** An event as EventBridge hands it to a rule's target. */
export interface EventBridgeEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Where in the network a task is. */
export interface TaskPlace {
  readonly subnetId: string;
  readonly securityGroupIds: readonly string[];
  readonly publicAddress: boolean;
}

export interface CapacityRequest {
  /** `FARGATE` or `FARGATE_SPOT`. */
  readonly capacityProvider: string;
  readonly subnets: readonly string[];
}

export type CapacityAnswer =
  { readonly kind: 'available' } | { readonly kind: 'unavailable'; readonly reason: string };

export interface EcsOptions {
  /** Holds the task table (`ecs.json`) and, while tasks run, their work folders. Made when missing. */
  readonly dataDir: string;
  readonly region: string;
  readonly accountId: string;
  readonly keyring: Keyring;
  readonly authorize: Authorize;
  /** Default: the machine's clock. */
  readonly now?: () => Date;
  /** ARNs of the clusters there are. */
  readonly clusters: readonly string[];
  readonly taskDefinitions: readonly LocalTaskDefinition[];
  /** Folder on this machine that stands for the image's working directory. */
  readonly imageDirectory: (image: string) => string;
  /** Temporary credentials of a role, served to its tasks over their credentials endpoint. */
  readonly credentialsForRole: (roleArn: string) => AccessKey;
  /** Environment that every container gets beside its own, such as AWS_ENDPOINT_URL, AWS_REGION and PATH. */
  readonly hostEnvironment: Readonly<Record<string, string>>;
  /**
   * Takes each "ECS Task State Change"; a task's events come in order, one at a time. `close` waits
   * for it. What it rejects is lost, with a process warning; a task's end is told again by the next
   * start's `announceLost`.
   */
  readonly emit: (event: EventBridgeEvent) => Promise<void>;
  /** Standard output and error of each task go to `<taskId>.log` in here. Made when missing. */
  readonly logDir: string;
  /** Live tasks at one time; beyond it RunTask answers that there is no capacity. Default 10. */
  readonly maxTasks?: number;
  /** Asked before each task is placed. Default: always available, up to `maxTasks`. */
  readonly capacity?: (request: CapacityRequest) => CapacityAnswer;
  /** Why a task that is put there cannot reach AWS, and so ends without having pulled its image. Default: it can. */
  readonly whyUnreachable?: (place: TaskPlace) => string | undefined;
}
