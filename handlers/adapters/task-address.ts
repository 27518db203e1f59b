import type { ECSClient } from '@aws-sdk/client-ecs';
import { DescribeTasksCommand } from '@aws-sdk/client-ecs';
import { publicAddressOf } from './public-address';
import type { TaskAddress } from '../../core/status-url';

export type FindAddress = (ecs: ECSClient, cluster: string) => (taskArn: string) => Promise<TaskAddress>;

/** Finds a task's addresses: ECS knows its network interface, and EC2 the public address of that. */
export const ecsTaskAddress: FindAddress = (ecs, cluster) => async taskArn => {
  const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }));
  const details = tasks?.[0]?.attachments?.flatMap(attachment => attachment.details ?? []) ?? [];
  const detail = (name: string): string | undefined => details.find(one => one.name === name)?.value;
  const privateIp = detail('privateIPv4Address');
  const networkInterfaceId = detail('networkInterfaceId');
  const publicIp = networkInterfaceId === undefined ? undefined : await publicAddressOf(networkInterfaceId);
  return {
    ...(publicIp === undefined ? {} : { publicIp }),
    ...(privateIp === undefined ? {} : { privateIp }),
  };
};
