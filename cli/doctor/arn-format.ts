import type { AccountCheck, Finding } from './check';
import { ok } from './check';

const SETTING = 'taskLongArnFormat';

/** Tasks are tagged with their expiry, job and user; ECS refuses tags to tasks with ARNs of the short format. */
export const arnFormat: AccountCheck = {
  name: 'task ARN format',
  actions: ['ecs:ListAccountSettings'],
  look: async ({ account }) => judgeArnFormat(await account.ecsSetting(SETTING)),
};

export function judgeArnFormat(value: string | undefined): Finding {
  if (value === 'enabled' || value === 'on') return ok('long, so that tasks can have tags');
  const fix = `aws ecs put-account-setting-default --name ${SETTING} --value enabled`;
  return value === undefined
    ? { status: 'unknown', found: `ECS lists no ${SETTING}`, fix: `If tasks can't be tagged: ${fix}` }
    : { status: 'missing', found: `${SETTING} is ${value}: ECS would refuse the tags of tasks`, fix };
}
