import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Task, TaskNetworkInterface, TaskPlace } from './types';

/** A made-up network interface; the local containers share the machine's own network. */
export function newNetworkInterface(place: TaskPlace): TaskNetworkInterface {
  const address = newAddress();
  const mac = [...randomBytes(5)].map(byte => byte.toString(16).padStart(2, '0'));
  return {
    attachmentId: randomUUID(),
    networkInterfaceId: `eni-0${randomBytes(8).toString('hex')}`,
    // The first byte marks an address that is administered locally.
    macAddress: ['02', ...mac].join(':'),
    subnetId: place.subnetId,
    securityGroupIds: place.securityGroupIds,
    privateIpv4Address: address,
    ...(place.publicAddress ? { publicIpv4Address: address } : {}),
    status: 'PRECREATED',
  };
}

/** The task's attachment. Events call its type `eni`, the API `ElasticNetworkInterface`. */
export function describeAttachment(task: Task, type: 'eni' | 'ElasticNetworkInterface'): object {
  const { attachmentId, status, subnetId, networkInterfaceId, macAddress, privateIpv4Address } =
    task.networkInterface;
  return {
    id: attachmentId,
    type,
    status,
    details: [
      { name: 'subnetId', value: subnetId },
      { name: 'networkInterfaceId', value: networkInterfaceId },
      { name: 'macAddress', value: macAddress },
      { name: 'privateIPv4Address', value: privateIpv4Address },
    ],
  };
}

/** The task's containers as events and the API both show them. */
export function describeContainers(task: Task): object[] {
  const { attachmentId, privateIpv4Address } = task.networkInterface;
  return task.containers.map(container => ({
    ...container,
    taskArn: task.taskArn,
    networkInterfaces: [{ attachmentId, privateIpv4Address }],
    cpu: '0',
  }));
}

/**
 * An address of this machine alone, such that several tasks can listen on one port, as they can on AWS. Linux answers
 * on the whole loopback network; elsewhere there is one address, and the second task finds the port taken.
 */
function newAddress(): string {
  if (process.platform !== 'linux') return '127.0.0.1';
  return `127.${randomInt(1, 255)}.${randomInt(0, 256)}.${randomInt(4, 255)}`;
}
