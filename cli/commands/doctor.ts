import type { NetworkMode } from '../../core/network-mode';
import { NETWORK_MODES } from '../../core/network-mode';
import type { Command } from '../command';
import { checkAccount } from '../doctor/account';
import type { Finding } from '../doctor/finding';
import { findingLines } from '../doctor/finding';
import { checkMachine, thisMachine } from '../doctor/machine';
import { parseFlags } from '../flags';
import { UsageError } from '../usage-error';

const OPTIONS = {
  region: { type: 'string', default: process.env['AWS_REGION'] ?? 'us-east-1' },
  network: { type: 'string', default: 'publicSubnet' },
  arm: { type: 'boolean', default: false },
  offline: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

export const command: Command = {
  name: 'doctor',
  summary: 'Whether this machine and the account have what a deployment needs.',
  usage: `spotreel doctor [--region REGION] [--network MODE] [--arm] [--offline] [--json]

Looks at this machine and, with the credentials that the aws command would use, at the account, and
says of all that is missing how to mend it. It reads and changes nothing. Without credentials it
looks at the machine alone. Exit code 1 when something is to be mended.

  --region REGION  default AWS_REGION, else us-east-1
  --network MODE   the setting network: ${NETWORK_MODES.join(', ')} (default publicSubnet)
  --arm            the setting architecture is arm64
  --offline        this machine only
  --json           as one JSON object
`,
  async run(args, out) {
    const { values } = parseFlags(args, { options: OPTIONS, takes: [] });
    const network = NETWORK_MODES.find(mode => mode === values.network);
    if (network === undefined)
      throw new UsageError(`--network is "${values.network}"; use one of: ${NETWORK_MODES.join(', ')}.`);
    const machine = checkMachine(thisMachine(), values.arm ? 'arm64' : 'x86_64');
    const account = values.offline ? undefined : await lookAtAccount(values.region, network);
    const findings = [...machine, ...(account?.findings ?? [])];
    if (values.json) {
      out.write(`${JSON.stringify({ machine, account: account ?? null }, null, 2)}\n`);
    } else {
      const lines = [
        'This machine',
        ...findingLines(machine),
        '',
        account === undefined
          ? values.offline
            ? 'The account was not looked at.'
            : 'There are no credentials, so the account was not looked at. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.'
          : `Account ${account.accountId}, ${values.region}`,
        ...findingLines(account?.findings ?? []),
      ];
      out.write(`${lines.join('\n')}\n`);
    }
    return findings.some(({ kind }) => kind === 'wrong') ? 1 : 0;
  },
};

async function lookAtAccount(
  region: string,
  network: NetworkMode,
): Promise<{ accountId: string; findings: Finding[] } | undefined> {
  const { accountAtHand, awsAccount } = await import('../doctor/aws-account');
  const accountId = await accountAtHand(region);
  if (accountId === undefined) return undefined;
  return { accountId, findings: await checkAccount(awsAccount(region), { accountId, region, network }) };
}
