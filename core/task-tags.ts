import type { JobRecord } from './job';
import type { Settings } from './settings';

/** Tag with the time after which the sweep stops a task whatever it does. */
export const EXPIRY_TAG = 'expiry';

/** Tag of a task that runs in a network made for jobs, and of all that such a network is made of: the network's id. */
export const NETWORK_TAG = 'spotreel:network';
/** Tag of what a network is made of: which part it is. */
export const PART_TAG = 'spotreel:part';
/** Tag of what a network is made of: the deployment that it belongs to. Nothing without it may be changed. */
export const DEPLOYMENT_TAG = 'spotreel:deployment';

/** Tags of a task: what it is for, who pays, when it must be gone. */
export function taskTags(
  job: JobRecord,
  launch: { requestedAt: Date; settings: Settings; networkId?: string },
): readonly { name: string; value: string }[] {
  const expiry = new Date(launch.requestedAt.getTime() + launch.settings.taskExpiryMinutes * 60_000);
  return [
    { name: EXPIRY_TAG, value: expiry.toISOString() },
    { name: 'user', value: tagValue(job.requestedBy) },
    { name: 'job', value: job.jobId },
    ...(launch.networkId === undefined ? [] : [{ name: NETWORK_TAG, value: launch.networkId }]),
    ...Object.entries(job.manifest?.tags ?? {}).map(([name, value]) => ({ name, value })),
  ];
}

/** Tags of everything that a network is made of, but its part. */
export function networkTags(
  network: { networkId: string; expiresAt: string; requestedBy: string; firstJob: string },
  deployment: string,
): readonly { name: string; value: string }[] {
  return [
    { name: EXPIRY_TAG, value: network.expiresAt },
    { name: 'user', value: tagValue(network.requestedBy) },
    { name: 'job', value: network.firstJob },
    { name: NETWORK_TAG, value: network.networkId },
    { name: DEPLOYMENT_TAG, value: deployment },
    { name: 'Name', value: `spotreel ${network.networkId}` },
  ];
}

/** AWS takes letters, digits, spaces and _ . : / = + - @ in tags. */
function tagValue(text: string): string {
  return text.replace(/[^\p{L}\p{N} _.:/=+@-]/gu, '_').slice(0, 256);
}
