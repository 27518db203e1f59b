import type { Account, Plan } from '../../../cli/doctor/account';
import { checkAccount, QUOTAS } from '../../../cli/doctor/account';
import type { Finding } from '../../../cli/doctor/finding';

const PLAN: Plan = { accountId: '111122223333', region: 'eu-central-1', network: 'publicSubnet' };

/** An account that has everything, but for what is changed. */
function accountWith(changes: Partial<Account> = {}): Account {
  return {
    ecsSettings: async () => ({ taskLongArnFormat: 'enabled', serviceLongArnFormat: 'enabled' }),
    quota: async ({ service }) => (service === 'fargate' ? 64 : 5),
    bootstrapVersion: async () => 25,
    hasRole: async () => true,
    vpcs: async () => ({ count: 1, hasOurs: false }),
    addressCount: async () => 0,
    ...changes,
  };
}

const look = (changes: Partial<Account> = {}, plan: Partial<Plan> = {}): Promise<Finding[]> =>
  checkAccount(accountWith(changes), { ...PLAN, ...plan });

async function onlyFault(changes: Partial<Account>, plan: Partial<Plan> = {}): Promise<Finding | undefined> {
  const faults = (await look(changes, plan)).filter(({ kind }) => kind !== 'ok');
  expect(faults).toHaveLength(1);
  return faults[0];
}

describe('an account', () => {
  it('that has everything is in order', async () => {
    const findings = await look();
    expect(findings).toHaveLength(7);
    expect(findings.map(({ kind }) => kind)).toEqual(findings.map(() => 'ok'));
  });

  it.each<[string, Partial<Account>, { text: RegExp; fix: RegExp }]>([
    [
      'without CDK bootstrap',
      { bootstrapVersion: async () => undefined },
      { text: /no bootstrap stack/, fix: /^npx cdk bootstrap aws:\/\/111122223333\/eu-central-1$/ },
    ],
    [
      'with an old one',
      { bootstrapVersion: async () => 5 },
      { text: /version 5; it takes 6/, fix: /^npx cdk bootstrap/ },
    ],
    [
      'with short ARNs',
      { ecsSettings: async () => ({ taskLongArnFormat: 'disabled' }) },
      {
        text: /short ARNs \(taskLongArnFormat\)/,
        fix: /^aws ecs put-account-setting-default --name taskLongArnFormat --value enabled$/,
      },
    ],
    [
      'without the role of ECS',
      { hasRole: async () => false },
      { text: /AWSServiceRoleForECS is not there/, fix: /^aws iam create-service-linked-role/ },
    ],
    [
      'with few Spot vCPUs',
      { quota: async ({ code }) => (code === QUOTAS.spotVcpu.code ? 6 : 64) },
      {
        text: /Fargate Spot: 6 vCPUs at a time, 3 tasks of the default size; a preset with more than 6 vCPUs/,
        fix: /--quota-code L-36FBB829/,
      },
    ],
    [
      'with no on-demand vCPUs',
      { quota: async ({ code }) => (code === QUOTAS.onDemandVcpu.code ? 0 : 64) },
      { text: /Fargate on demand: 0 vCPUs at a time, too few/, fix: /--quota-code L-3032A538/ },
    ],
    [
      'full of VPCs',
      { vpcs: async () => ({ count: 5, hasOurs: false }) },
      { text: /5 of 5 VPCs/, fix: /existingVpc/ },
    ],
    [
      'out of addresses',
      { addressCount: async () => 5 },
      { text: /5 of 5 elastic IP/, fix: /--service-code ec2/ },
    ],
  ])('%s is told so, with the fix', async (_what, changes, { text, fix }) => {
    const fault = await onlyFault(changes);
    expect(fault).toMatchObject({ kind: 'wrong' });
    expect(fault?.text).toMatch(text);
    expect(fault?.fix).toMatch(fix);
  });

  it('full of VPCs will do where one is ours already, or none is made', async () => {
    const findings = await look({ vpcs: async () => ({ count: 5, hasOurs: true }) });
    expect(findings.every(({ kind }) => kind === 'ok')).toBe(true);
    const vpcs = async () => ({ count: 5, hasOurs: false });
    expect((await look({ vpcs }, { network: 'existingVpc' })).every(({ kind }) => kind === 'ok')).toBe(true);
  });

  it('that may not be looked at in one thing is unknown in that, and looked at in the others', async () => {
    const denied = (): Promise<never> => Promise.reject(new Error('not authorized to perform iam:GetRole'));
    const fault = await onlyFault({ hasRole: denied });
    expect(fault).toMatchObject({ kind: 'unknown' });
    expect(fault?.text).toBe('The service-linked role of ECS: not authorized to perform iam:GetRole');
  });
});
