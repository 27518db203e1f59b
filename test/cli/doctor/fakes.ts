import type { Account } from '../../../cli/doctor/account';
import { QUOTAS } from '../../../cli/doctor/account';
import { ENCODERS } from '../../../cli/doctor/ffmpeg';
import type { Machine } from '../../../cli/doctor/machine';

/** An account that lacks nothing. */
export function readyAccount(changes: Partial<Account> = {}): Account {
  const quotas = new Map<string, number>([
    [QUOTAS.spotVcpus.quotaCode, 140],
    [QUOTAS.onDemandVcpus.quotaCode, 140],
    [QUOTAS.vpcs.quotaCode, 5],
    [QUOTAS.addresses.quotaCode, 5],
  ]);
  return {
    identity: async () => ({ accountId: '123456789012', arn: 'arn:aws:iam::123456789012:user/ada' }),
    ecsSetting: async () => 'enabled',
    quota: async ({ quotaCode }) => quotas.get(quotaCode),
    vpcs: async () => [{ vpcId: 'vpc-1' }],
    vpc: async () => ({ subnets: [], endpoints: [], groups: [] }),
    addressCount: async () => 0,
    hasRole: async () => true,
    parameter: async () => '25',
    ...changes,
  };
}

export function encodersText(names: readonly string[] = ENCODERS): string {
  return [' V..... = Video', ' ------', ...names.map(name => ` V....D ${name}   codec`)].join('\n');
}

/** A machine that lacks nothing. `outputs` are by program. */
export function readyMachine(
  outputs: Readonly<Record<string, string | undefined>> = {},
  changes: Partial<Machine> = {},
): Machine {
  const all: Readonly<Record<string, string | undefined>> = {
    docker: 'Docker version 28.2.2',
    podman: 'podman version 5.0',
    ffmpeg: encodersText(),
    ffprobe: 'ffprobe version 7.1.1 Copyright',
    ls: 'register\nstatus',
    ...outputs,
  };
  return {
    nodeVersion: '22.11.0',
    arch: 'x64',
    imageBuilder: 'docker',
    output: async program => all[program],
    ...changes,
  };
}
