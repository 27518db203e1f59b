import type { JobRecord } from './job';
import type { Settings } from './settings';

/** Tag with the time after which the sweep stops a task whatever it does. */
export const EXPIRY_TAG = 'expiry';

/** Tags of a task: what it is for, who pays, when it must be gone. */
export function taskTags(
  job: JobRecord,
  launch: { requestedAt: Date; settings: Settings },
): readonly { name: string; value: string }[] {
  const expiry = new Date(launch.requestedAt.getTime() + launch.settings.taskExpiryMinutes * 60_000);
  return [
    { name: EXPIRY_TAG, value: expiry.toISOString() },
    { name: 'user', value: tagValue(job.requestedBy) },
    { name: 'job', value: job.jobId },
    ...Object.entries(job.manifest?.tags ?? {}).map(([name, value]) => ({ name, value })),
  ];
}

/** AWS takes letters, digits, spaces and _ . : / = + - @ in tags. */
function tagValue(text: string): string {
  return text.replace(/[^\p{L}\p{N} _.:/=+@-]/gu, '_').slice(0, 256);
}
