import { messageOf } from '../thrown';
import type { Account } from './account';
import { addressQuota } from './address-quota';
import { architecture } from './architecture';
import { arnFormat } from './arn-format';
import { bootstrap } from './bootstrap';
import type { AccountCheck, Deployment, Finding, MachineCheck } from './check';
import { ok } from './check';
import { explainNoAccount, isDenied } from './no-account';
import { ffmpeg } from './ffmpeg';
import { imageBuilder } from './image-builder';
import type { Machine } from './machine';
import { nodeVersion } from './node-version';
import { serviceLinkedRole } from './service-linked-role';
import { onDemandVcpus, spotVcpus } from './vcpu-quotas';
import { vpcQuota } from './vpc-quota';
import { wayOut } from './way-out';

/** In the order in which they are told. */
export const MACHINE_CHECKS: readonly MachineCheck[] = [nodeVersion, ffmpeg, imageBuilder, architecture];
export const ACCOUNT_CHECKS: readonly AccountCheck[] = [
  ...[bootstrap, serviceLinkedRole, arnFormat],
  ...[spotVcpus, onDemandVcpus, vpcQuota, addressQuota, wayOut],
];

export interface Examined extends Finding {
  readonly check: string;
}

export interface Subject {
  readonly machine: Machine;
  /** Absent: the local cloud is all that is to run. */
  readonly account?: Account;
  readonly deployment: Deployment;
}

/** Makes all checks. None of them changes anything, and none that fails keeps another from being made. */
export async function examine(subject: Subject): Promise<Examined[]> {
  const { machine, account, deployment } = subject;
  const isForLocal = account === undefined;
  const onMachine = MACHINE_CHECKS.filter(check => !isForLocal || !check.isForDeployment).map(
    async check => ({ check: check.name, ...(await check.look({ machine, deployment, isForLocal })) }),
  );
  return [
    ...(await Promise.all(onMachine)),
    ...(account === undefined ? [] : await examineAccount(account, deployment)),
  ];
}

async function examineAccount(account: Account, deployment: Deployment): Promise<Examined[]> {
  const check = 'AWS account';
  try {
    const { accountId, arn } = await account.identity();
    const found = { check, ...ok(`${accountId}, as ${arn.split(':').at(-1) ?? arn}`) };
    return [found, ...(await Promise.all(ACCOUNT_CHECKS.map(each => lookAt(each, account, deployment))))];
  } catch (error) {
    return [
      { check, ...explainNoAccount(error) },
      ...ACCOUNT_CHECKS.map(({ name }) => ({
        check: name,
        status: 'unknown' as const,
        found: 'not looked at',
      })),
    ];
  }
}

async function lookAt(check: AccountCheck, account: Account, deployment: Deployment): Promise<Examined> {
  try {
    return { check: check.name, ...(await check.look({ account, deployment })) };
  } catch (error) {
    const fix = isDenied(error)
      ? `Allow ${check.actions.join(', ')} to whoever asks.`
      : `It takes ${check.actions.join(', ')}. Try again.`;
    return { check: check.name, status: 'unknown', found: firstLine(messageOf(error)), fix };
  }
}

/** The SDK adds advice for programmers. */
function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}
