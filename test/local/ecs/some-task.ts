import type { Task } from '../../../local/ecs/types';

/** A running task, with what a test cares about in place of the defaults. */
export function someTask(change: Partial<Task>): Task {
  return {
    taskArn: 'arn:aws:ecs:eu-west-1:123456789012:task/pipeline/0123456789abcdef',
    clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/pipeline',
    taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/worker:3',
    family: 'worker',
    group: 'family:worker',
    version: 3,
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    cpu: '1024',
    memory: '2048',
    ephemeralStorageGiB: 20,
    cpuArchitecture: 'x86_64',
    availabilityZone: 'eu-west-1a',
    networkInterface: {
      attachmentId: 'attachment',
      networkInterfaceId: 'eni-1',
      macAddress: '02:00:00:00:00:01',
      subnetId: 'subnet-1',
      privateIpv4Address: '10.0.0.4',
      securityGroupIds: ['sg-1'],
      status: 'ATTACHED',
    },
    tags: [],
    overrides: { containerOverrides: [] },
    containers: [
      { containerArn: 'arn', name: 'worker', image: 'worker:latest', runtimeId: 'r', lastStatus: 'RUNNING' },
    ],
    createdAt: '2029-12-31T23:00:00.000Z',
    updatedAt: '2029-12-31T23:00:00.000Z',
    ...change,
  };
}
