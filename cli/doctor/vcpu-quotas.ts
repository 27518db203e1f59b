import { taskSizeSchema } from '../../core/task-size';
import type { Settings } from '../../core/settings';
import { QUOTAS, raiseCommand } from './account';
import type { AccountCheck, Finding } from './check';
import { ok } from './check';

/** vCPUs of a task whose preset asks for nothing else. */
const TASK_VCPUS = taskSizeSchema.parse({}).vcpu;

type Kind = 'Spot' | 'on-demand';

export interface VcpuFacts {
  readonly kind: Kind;
  readonly quota: number | undefined;
  readonly capacity: Settings['capacity'];
  readonly maxTasks: number;
}

export const spotVcpus = vcpuCheck('Spot');
export const onDemandVcpus = vcpuCheck('on-demand');

function vcpuCheck(kind: Kind): AccountCheck {
  return {
    name: `Fargate ${kind} vCPUs`,
    actions: ['servicequotas:GetServiceQuota', 'servicequotas:GetAWSDefaultServiceQuota'],
    async look({ account, deployment: { config } }) {
      const { capacity, maxTasks } = config.settings;
      return judgeVcpus({ kind, quota: await account.quota(quotaOf(kind)), capacity, maxTasks });
    },
  };
}

export function judgeVcpus({ kind, quota, capacity, maxTasks }: VcpuFacts): Finding {
  if (capacity === (kind === 'Spot' ? 'onDemand' : 'spotOnly'))
    return ok(`not needed with capacity ${capacity}`);
  const wanted = maxTasks * TASK_VCPUS;
  const raise = raiseCommand(quotaOf(kind), wanted);
  if (quota === undefined)
    return {
      status: 'unknown',
      found: 'Service Quotas knows no such quota here',
      fix: 'See whether the region has Fargate; look in its console of Service Quotas.',
    };
  const tasks = Math.floor(quota / TASK_VCPUS);
  if (tasks === 0)
    return {
      status: 'missing',
      found: `${quota}: no room for a task of ${TASK_VCPUS} vCPUs`,
      fix: raise,
    };
  const room = `${quota}: room for ${tasks} task${tasks === 1 ? '' : 's'} of ${TASK_VCPUS} vCPUs`;
  if (tasks >= maxTasks) return ok(room);
  return {
    status: 'warning',
    found: `${room}, and maxTasks is ${maxTasks}`,
    fix: `${raise}, or deploy with -c spotreel:maxTasks=${tasks}`,
  };
}

function quotaOf(kind: Kind): (typeof QUOTAS)['spotVcpus' | 'onDemandVcpus'] {
  return kind === 'Spot' ? QUOTAS.spotVcpus : QUOTAS.onDemandVcpus;
}
