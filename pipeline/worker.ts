import { Duration, Stack } from 'aws-cdk-lib';
import type { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import {
  AwsLogDriverMode,
  CfnCluster,
  CpuArchitecture,
  FargateTaskDefinition,
  LinuxParameters,
  LogDriver,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { STOP_SECONDS } from '../core/stop-choice';
import { taskSizeSchema } from '../core/task-size';
import { acknowledge } from './acknowledge';
import type { PipelineConfig } from './config';
import { keptLogs } from './logs';
import { allow } from './permissions';
import type { QueueWithDlq } from './queue-with-dlq';

export interface WorkerProps {
  readonly config: PipelineConfig;
  readonly image: ContainerImage;
  readonly orders: QueueWithDlq;
  readonly urgentOrders: QueueWithDlq;
  readonly reports: QueueWithDlq;
}

/** The only directory that a worker can write to: its root file system is read-only. */
const WORK_DIRECTORY = '/work';

/** The cluster and the task that encodes. Nothing of it runs or is billed until an intake starts a task. */
export class Worker extends Construct {
  readonly cluster: { readonly clusterArn: string; readonly clusterName: string };
  /** Family of the task definition; RunTask takes its newest revision. */
  readonly family: string;
  readonly taskRole: Role;
  readonly executionRole: IRole;

  constructor(scope: Construct, id: string, props: WorkerProps) {
    super(scope, id);
    // A cluster belongs to no network, but CDK's own construct would make one for it where none is given.
    const cluster = new CfnCluster(this, 'Cluster', {
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      clusterSettings: [{ name: 'containerInsights', value: 'disabled' }],
    });
    this.cluster = { clusterArn: cluster.attrArn, clusterName: cluster.ref };
    acknowledge(
      cluster,
      'ECS4',
      'Container Insights bills custom metrics for every task; what matters of a task is measured by the pipeline itself.',
    );
    this.family = `${Stack.of(this).stackName}-worker`.toLowerCase();
    this.taskRole = new Role(this, 'TaskRole', {
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
      description: 'What a worker may do: read orders, write reports',
    });
    this.executionRole = this.defineTask(props).obtainExecutionRole();
    acknowledge(
      this.executionRole,
      'IAM5[Resource::*]',
      'ecr:GetAuthorizationToken, which pulling the image takes, knows no resources.',
    );
    allow(this.taskRole, [
      {
        sid: 'TakeOrders',
        actions: [
          'sqs:ReceiveMessage',
          'sqs:DeleteMessage',
          'sqs:ChangeMessageVisibility',
          'sqs:GetQueueAttributes',
        ],
        resources: [props.orders.queue.queueArn, props.urgentOrders.queue.queueArn],
        why: 'A worker holds an order by keeping its message hidden, and ends it by deleting the message.',
      },
      {
        sid: 'Report',
        actions: ['sqs:SendMessage'],
        resources: [props.reports.queue.queueArn],
        why: 'A worker tells of its progress and its results.',
      },
    ]);
  }

  /** ARN pattern of the revisions of the task definition. */
  get familyArn(): string {
    return this.ecsArn('task-definition', `${this.family}:*`);
  }

  /** ARN pattern of the tasks of the cluster. */
  get tasksArn(): string {
    return this.ecsArn('task', `${this.cluster.clusterName}/*`);
  }

  private ecsArn(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({ service: 'ecs', resource, resourceName });
  }

  private defineTask({ config, image, orders, urgentOrders, reports }: WorkerProps): FargateTaskDefinition {
    // Presets override the size; a task of the default size needs no override.
    const size = taskSizeSchema.parse({});
    const { statusPort } = config.settings;
    const definition = new FargateTaskDefinition(this, 'Task', {
      family: this.family,
      taskRole: this.taskRole,
      cpu: size.vcpu * 1024,
      memoryLimitMiB: size.memoryGiB * 1024,
      ephemeralStorageGiB: size.ephemeralStorageGiB,
      runtimePlatform: {
        operatingSystemFamily: OperatingSystemFamily.LINUX,
        cpuArchitecture:
          config.settings.architecture === 'arm64' ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
      },
      volumes: [{ name: 'work' }],
    });
    const container = definition.addContainer('worker', {
      containerName: 'worker',
      image,
      command: ['node', 'worker.mjs'],
      workingDirectory: '/app',
      readonlyRootFilesystem: true,
      stopTimeout: Duration.seconds(STOP_SECONDS),
      // Reaps what ffmpeg leaves, and passes signals on: as PID 1 itself, node would get none by default.
      linuxParameters: new LinuxParameters(this, 'LinuxParameters', { initProcessEnabled: true }),
      logging: LogDriver.awsLogs({
        logGroup: keptLogs(this, 'Logs', config.logRetentionDays),
        streamPrefix: 'worker',
        // Blocking, an encode would stand still whenever CloudWatch does.
        mode: AwsLogDriverMode.NON_BLOCKING,
      }),
      environment: {
        ORDER_QUEUE_URL: orders.queue.queueUrl,
        URGENT_ORDER_QUEUE_URL: urgentOrders.queue.queueUrl,
        REPORT_QUEUE_URL: reports.queue.queueUrl,
        LEASE_SECONDS: String(config.leaseSeconds),
        LINGER_SECONDS: String(config.lingerSeconds),
        TMPDIR: WORK_DIRECTORY,
        ...(statusPort === undefined ? {} : { STATUS_PORT: String(statusPort) }),
      },
      ...(statusPort === undefined ? {} : { portMappings: [{ containerPort: statusPort }] }),
    });
    container.addMountPoints({ sourceVolume: 'work', containerPath: WORK_DIRECTORY, readOnly: false });
    acknowledge(
      definition,
      'ECS2',
      'The variables are names of queues and numbers; everything signed comes by the queue.',
    );
    return definition;
  }
}
