import type { Account } from '../doctor/account';
import { awsAccount } from '../doctor/aws-account';
import { readDeployment } from '../doctor/deployment';
import { examine } from '../doctor/examine';
import type { Machine } from '../doctor/machine';
import { thisMachine } from '../doctor/machine';
import { reportText } from '../doctor/report-text';
import type { Command } from '../command';
import { parseFlags } from '../flags';

const OPTIONS = {
  context: { type: 'string', short: 'c', multiple: true, default: [] as string[] },
  region: { type: 'string' },
  local: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

/** What the command looks at. */
export interface Doctor {
  readonly machine: () => Machine;
  readonly account: (region: string) => Account;
}

export function doctorCommand({ machine, account }: Doctor): Command {
  return {
    name: 'doctor',
    summary: 'Whether the account and this machine have what a deployment needs.',
    usage: `spotreel doctor [-c NAME=VALUE]... [--region REGION] [--local] [--json]

Looks at this machine and at the AWS account, and says of everything that is missing how to get it.
It reads, and changes nothing. Exit code 1 when something needed is missing.

  -c NAME=VALUE    a context value as for cdk deploy, such as spotreel:network=perJobNat, beside
                   those of cdk.json: what is needed depends on them
  --region REGION  default AWS_REGION, else AWS_DEFAULT_REGION, else us-east-1
  --local          only what the local cloud needs; nothing of AWS is looked at
  --json           as one JSON array
`,
    async run(args, out) {
      const { values } = parseFlags(args, { options: OPTIONS, takes: [] });
      const deployment = await readDeployment(values.context);
      const region =
        values.region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
      const examined = await examine({
        machine: machine(),
        deployment,
        ...(values.local ? {} : { account: account(region) }),
      });
      out.write(
        values.json
          ? `${JSON.stringify(examined, null, 2)}\n`
          : reportText(examined, values.local ? {} : { region }),
      );
      return examined.some(({ status }) => status === 'missing') ? 1 : 0;
    },
  };
}

export const command = doctorCommand({ machine: thisMachine, account: awsAccount });
