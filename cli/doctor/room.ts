import type { Quota } from './account';
import { raiseCommand } from './account';
import type { Finding } from './check';
import { ok } from './check';

/** Whether one more of something fits into its quota. */
export function judgeRoom(facts: {
  readonly quota: Quota;
  readonly limit: number | undefined;
  readonly used: number;
  /** What else can be done than to ask for more. */
  readonly otherwise: string;
}): Finding {
  const { limit, used } = facts;
  if (limit === undefined)
    return {
      status: 'unknown',
      found: `${used} in use; Service Quotas does not know the quota`,
      fix: "Look in the region's console of Service Quotas whether there is room for one more.",
    };
  if (used < limit) return ok(`${used} of ${limit} in use`);
  return {
    status: 'missing',
    found: `${used} of ${limit} in use: no room for one more`,
    fix: `${raiseCommand(facts.quota, used + 1)}, or ${facts.otherwise}`,
  };
}
