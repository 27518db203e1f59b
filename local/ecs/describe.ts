import { describeAttachment, describeContainers } from './network-interface';
import type { LocalTaskDefinition, Task } from './types';

/** A task as the API shows it: times in epoch seconds; tags only where asked for. */
export function describeTask(task: Task, include: { readonly tags: boolean }): Record<string, unknown> {
  return {
    taskArn: task.taskArn,
    clusterArn: task.clusterArn,
    taskDefinitionArn: task.taskDefinitionArn,
    attachments: [describeAttachment(task, 'ElasticNetworkInterface')],
    attributes: [{ name: 'ecs.cpu-architecture', value: task.cpuArchitecture }],
    availabilityZone: task.availabilityZone,
    capacityProviderName: task.capacityProviderName,
    connectivity: task.connectivityAt === undefined ? 'DISCONNECTED' : 'CONNECTED',
    containers: describeContainers(task),
    cpu: task.cpu,
    memory: task.memory,
    desiredStatus: task.desiredStatus,
    lastStatus: task.lastStatus,
    enableExecuteCommand: false,
    group: task.group,
    healthStatus: 'UNKNOWN',
    launchType: 'FARGATE',
    platformVersion: '1.4.0',
    platformFamily: 'Linux',
    overrides: { ...task.overrides, inferenceAcceleratorOverrides: [] },
    startedBy: task.startedBy,
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    tags: include.tags ? task.tags : [],
    version: task.version,
    ephemeralStorage: { sizeInGiB: task.ephemeralStorageGiB },
    fargateEphemeralStorage: { sizeInGiB: task.ephemeralStorageGiB },
    ...describeTimes(task),
  };
}

function describeTimes(task: Task): Record<string, number | undefined> {
  return {
    createdAt: epochSeconds(task.createdAt),
    pullStartedAt: epochSeconds(task.pullStartedAt),
    pullStoppedAt: epochSeconds(task.pullStoppedAt),
    connectivityAt: epochSeconds(task.connectivityAt),
    startedAt: epochSeconds(task.startedAt),
    stoppingAt: epochSeconds(task.stoppingAt),
    executionStoppedAt: epochSeconds(task.executionStoppedAt),
    stoppedAt: epochSeconds(task.stoppedAt),
  };
}

function epochSeconds(isoTime: string | undefined): number | undefined {
  return isoTime === undefined ? undefined : Date.parse(isoTime) / 1000;
}

/** A task definition as the API shows it. */
export function describeTaskDefinition(definition: LocalTaskDefinition): Record<string, unknown> {
  return {
    taskDefinitionArn: definition.arn,
    family: definition.family,
    revision: definition.revision,
    status: 'ACTIVE',
    cpu: definition.cpu,
    memory: definition.memory,
    networkMode: 'awsvpc',
    compatibilities: ['EC2', 'FARGATE'],
    requiresCompatibilities: ['FARGATE'],
    taskRoleArn: definition.taskRoleArn,
    executionRoleArn: definition.executionRoleArn,
    runtimePlatform: definition.runtimePlatform,
    ephemeralStorage:
      definition.ephemeralStorageGiB === undefined
        ? undefined
        : { sizeInGiB: definition.ephemeralStorageGiB },
    placementConstraints: [],
    volumes: [],
    containerDefinitions: definition.containers.map(container => ({
      name: container.name,
      image: container.image,
      command: container.command,
      workingDirectory: container.workingDirectory,
      essential: container.essential,
      stopTimeout: container.stopTimeoutSeconds,
      environment: Object.entries(container.environment).map(([name, value]) => ({ name, value })),
      cpu: 0,
      mountPoints: [],
      portMappings: [],
      volumesFrom: [],
    })),
  };
}
