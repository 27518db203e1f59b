import { randomUUID } from 'node:crypto';
import type { EventBridgeEvent, Task } from './types';

/** Where events of a task come from. */
export interface EventOrigin {
  readonly region: string;
  readonly accountId: string;
}

/** The "ECS Task State Change" that tells what a task has just become. */
export function stateChangeEvent(origin: EventOrigin, task: Task): EventBridgeEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'ECS Task State Change',
    source: 'aws.ecs',
    account: origin.accountId,
    time: task.updatedAt,
    region: origin.region,
    resources: [task.taskArn],
    detail: eventDetail(task),
  };
}

function eventDetail(task: Task): Record<string, unknown> {
  const { tags: _tags, family: _family, cpuArchitecture, ephemeralStorageGiB, networkInterface, ...shared } = task;
  return {
    ...shared,
    attachments: [eventAttachment(task)],
    attributes: [{ name: 'ecs.cpu-architecture', value: cpuArchitecture }],
    connectivity: task.connectivityAt === undefined ? 'DISCONNECTED' : 'CONNECTED',
    containers: task.containers.map(container => ({
      ...container,
      cpu: '0',
      networkInterfaces: [
        {
          attachmentId: networkInterface.attachmentId,
          privateIpv4Address: networkInterface.privateIpv4Address,
        },
      ],
      taskArn: task.taskArn,
    })),
    enableExecuteCommand: false,
    ephemeralStorage: { sizeInGiB: ephemeralStorageGiB },
    launchType: 'FARGATE',
    platformVersion: '1.4.0',
  };
}

function eventAttachment({ networkInterface }: Task): Record<string, unknown> {
  return {
    id: networkInterface.attachmentId,
    // The API calls the same attachment ElasticNetworkInterface.
    type: 'eni',
    status: networkInterface.status,
    details: [
      { name: 'subnetId', value: networkInterface.subnetId },
      { name: 'networkInterfaceId', value: networkInterface.networkInterfaceId },
      { name: 'macAddress', value: networkInterface.macAddress },
      { name: 'privateIPv4Address', value: networkInterface.privateIpv4Address },
    ],
  };
}
