import type { AccountCheck, Finding } from './check';
import { ok } from './check';

const ROLE = 'AWSServiceRoleForECS';

/** ECS attaches network interfaces to tasks with this role; without it no task starts. */
export const serviceLinkedRole: AccountCheck = {
  name: 'service-linked role',
  actions: ['iam:GetRole'],
  look: async ({ account }) => judgeServiceLinkedRole(await account.hasRole(ROLE)),
};

export function judgeServiceLinkedRole(isThere: boolean): Finding {
  if (isThere) return ok(ROLE);
  return {
    status: 'missing',
    found: `there is no ${ROLE}: ECS could start no task`,
    fix: 'aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com',
  };
}
