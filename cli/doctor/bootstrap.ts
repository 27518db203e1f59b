import { needsLookup } from '../../pipeline/network/network-config';
import type { AccountCheck, Deployment, Finding } from './check';
import { ok } from './check';

/** What the synthesized template's own rule asks for. */
export const NEEDED_VERSION = 6;
/** From here on there is a role with which CDK looks up subnets. */
const NEEDED_FOR_LOOKUP = 8;

export interface BootstrapFacts {
  /** Value of the SSM parameter; undefined when there is none. */
  readonly version: string | undefined;
  readonly needed: number;
  readonly qualifier: string;
}

/** CDK puts the image and the Lambdas' code where `cdk bootstrap` made room for them. */
export const bootstrap: AccountCheck = {
  name: 'CDK bootstrap',
  actions: ['ssm:GetParameter'],
  async look({ account, deployment }) {
    const { bootstrapQualifier: qualifier } = deployment;
    const version = await account.parameter(`/cdk-bootstrap/${qualifier}/version`);
    return judgeBootstrap({ version, needed: neededVersion(deployment), qualifier });
  },
};

export function judgeBootstrap({ version, needed, qualifier }: BootstrapFacts): Finding {
  const fix = `npx cdk bootstrap${qualifier === 'hnb659fds' ? '' : ` --qualifier ${qualifier}`}`;
  if (version === undefined)
    return { status: 'missing', found: `the region is not bootstrapped (qualifier ${qualifier})`, fix };
  if (Number(version) >= needed) return ok(`version ${version}`);
  return { status: 'missing', found: `version ${version}; ${needed} is needed`, fix };
}

function neededVersion({ config }: Deployment): number {
  return needsLookup(config.network) ? NEEDED_FOR_LOOKUP : NEEDED_VERSION;
}
