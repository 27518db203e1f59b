import { randomUUID } from 'node:crypto';
import { describeAttachment, describeContainers } from './network-interface';
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
  // Tags are no part of the event: a rule that needs them has to ask for them.
  const { tags: _tags, family: _family, networkInterface: _interface, ...shared } = task;
  const { cpuArchitecture, ephemeralStorageGiB, ...detail } = shared;
  return {
    ...detail,
    attachments: [describeAttachment(task, 'eni')],
    attributes: [{ name: 'ecs.cpu-architecture', value: cpuArchitecture }],
    connectivity: task.connectivityAt === undefined ? 'DISCONNECTED' : 'CONNECTED',
    containers: describeContainers(task),
    enableExecuteCommand: false,
    ephemeralStorage: { sizeInGiB: ephemeralStorageGiB },
    launchType: 'FARGATE',
    platformVersion: '1.4.0',
  };
}
