import { doctorCommand } from '../../../cli/commands/doctor';
import type { Account } from '../../../cli/doctor/account';
import { ACCOUNT_CHECKS, MACHINE_CHECKS } from '../../../cli/doctor/examine';
import type { Machine } from '../../../cli/doctor/machine';
import { readyAccount, readyMachine } from '../doctor/fakes';
import type { Ran } from '../run';

async function doctor(
  args: string[],
  { account = readyAccount(), machine = readyMachine() }: { account?: Account; machine?: Machine } = {},
): Promise<Ran> {
  let [stdout, stderr] = ['', ''];
  const command = doctorCommand({ machine: () => machine, account: () => account });
  const code = await command.run(args, {
    write: text => void (stdout += text),
    error: text => void (stderr += text),
  });
  return { code, stdout, stderr };
}

const named = (name: string, more = {}): Error => Object.assign(new Error('why'), { name, ...more });
const failing = (error: Error) => async (): Promise<never> => {
  throw error;
};

describe('spotreel doctor', () => {
  it('finds nothing amiss where nothing is', async () => {
    const { code, stdout } = await doctor([]);
    expect(code).toBe(0);
    expect(stdout).toContain('Nothing that is needed is missing.\n');
    expect(stdout).not.toMatch(/MISSING|warning|unknown/);
  });

  it('says of what is missing how to get it, and ends with 1', async () => {
    const { code, stdout } = await doctor([], { account: readyAccount({ hasRole: async () => false }) });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^service-linked role +MISSING /m);
    expect(stdout).toContain('service-linked role: aws iam create-service-linked-role');
    expect(stdout).toContain('\n1 missing.\n');
  });

  it('ends with 0 when something works within limits only', async () => {
    const { code, stdout } = await doctor([], { account: readyAccount({ quota: async () => 6 }) });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Fargate Spot vCPUs +warning +6: room for 3 tasks/m);
  });

  it('looks at what the context values ask for', async () => {
    const account = readyAccount({ addressCount: async () => 5 });
    expect((await doctor([], { account })).code).toBe(0);
    expect((await doctor(['-c', 'spotreel:network=perJobNat'], { account })).code).toBe(1);
    const onArm = await doctor(['-c', 'spotreel:architecture=arm64', '-c', 'spotreel:maxTasks=1']);
    expect(onArm.stdout).toMatch(/^image architecture +MISSING/m);
  });

  it('looks how tasks get out of an existing VPC, and of no other', async () => {
    const network = '{"mode":"existingVpc","vpcId":"vpc-01234567","wayOut":"nat"}';
    const { code, stdout } = await doctor(['-c', `spotreel:network=${network}`]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^way out of the VPC +MISSING +vpc-01234567 has no subnets/m);
    expect((await doctor([])).stdout).toMatch(/^way out of the VPC +ok +made with the network publicSubnet/m);
  });

  it('asks for the bootstrap of the qualifier that CDK is told', async () => {
    const asked: string[] = [];
    const parameter = async (name: string): Promise<string> => {
      asked.push(name);
      return '25';
    };
    await doctor(['-c', '@aws-cdk/core:bootstrapQualifier=mine'], { account: readyAccount({ parameter }) });
    expect(asked).toEqual(['/cdk-bootstrap/mine/version']);
  });

  it.each([
    ['-c', 'network', 'give NAME=VALUE'],
    ['-c', 'spotreel:network=moon', 'Use one of: publicSubnet'],
  ])('refuses %s %s', async (flag, value, message) => {
    await expect(doctor([flag, value])).rejects.toThrow(message);
  });

  it.each([
    [named('CredentialsProviderError'), 'no credentials', 'Set AWS_PROFILE'],
    [named('Error', { code: 'ENOTFOUND' }), "AWS can't be reached", 'See to the network'],
    [named('TimeoutError'), "AWS can't be reached", 'See to the network'],
    [named('ExpiredToken'), 'why.', 'sign in again'],
  ])('after %s still looks at this machine', async (error, found, fix) => {
    const { code, stdout } = await doctor([], { account: readyAccount({ identity: failing(error) }) });
    expect(code).toBe(1);
    for (const text of [found, fix]) expect(stdout).toContain(text);
    expect(stdout).toMatch(/^ffmpeg +ok/m);
    expect(stdout).toContain(`1 missing. ${ACCOUNT_CHECKS.length} could not be looked at.`);
  });

  it('names the action that a check may not do, and goes on with the others', async () => {
    const account = readyAccount({ vpcs: failing(named('UnauthorizedOperation')) });
    const { code, stdout } = await doctor([], { account });
    expect(code).toBe(0);
    expect(stdout).toContain('VPCs: Allow ec2:DescribeVpcs,');
    expect(stdout).toContain('1 could not be looked at.');
  });

  it('looks at nothing of AWS with --local, where ffmpeg is needed and an image is not', async () => {
    const account = readyAccount({ identity: failing(new Error('asked')) });
    const without = readyMachine({ docker: undefined, podman: undefined });
    expect((await doctor(['--local'], { account, machine: without })).code).toBe(0);
    const withoutFfmpeg = readyMachine({ ffmpeg: undefined });
    expect((await doctor(['--local'], { account, machine: withoutFfmpeg })).code).toBe(1);
    expect((await doctor([], { machine: withoutFfmpeg })).code).toBe(0);
  });

  it('prints each check as JSON', async () => {
    const examined = JSON.parse((await doctor(['--json'])).stdout) as { check: string; status: string }[];
    expect(examined).toHaveLength(MACHINE_CHECKS.length + 1 + ACCOUNT_CHECKS.length);
    expect(examined).toContainEqual({
      check: 'AWS account',
      status: 'ok',
      found: '123456789012, as user/ada',
    });
  });
});
