import { DescribeAddressesCommand, EC2Client, paginateDescribeVpcs } from '@aws-sdk/client-ec2';
import { ECSClient, paginateListAccountSettings } from '@aws-sdk/client-ecs';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { z } from 'zod';
import type { Account } from './account';

// Which Node is there is said by a check of its own.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const BOOTSTRAP_PARAMETER = '/cdk-bootstrap/hnb659fds/version';
/** As the stack is named in pipeline/app.ts. */
const STACK_NAME = 'Spotreel';

const namedSchema = z.object({ name: z.string() });

/** Id of the account that the credentials at hand belong to; undefined when there are none. */
export async function accountAtHand(region: string): Promise<string | undefined> {
  const answer = await unless(['CredentialsProviderError'], () =>
    new STSClient({ region }).send(new GetCallerIdentityCommand({})),
  );
  return answer?.Account;
}

/** An account by the SDK, which takes credentials, profile and endpoint as the `aws` command does. */
export function awsAccount(region: string): Account {
  const ec2 = new EC2Client({ region });
  const quotas = new ServiceQuotasClient({ region });
  return {
    async ecsSettings() {
      const found: Record<string, string> = {};
      const pages = paginateListAccountSettings(
        { client: new ECSClient({ region }) },
        { effectiveSettings: true },
      );
      for await (const { settings } of pages)
        for (const { name, value } of settings ?? []) if (name !== undefined) found[name] = value ?? '';
      return found;
    },
    async quota({ service: ServiceCode, code: QuotaCode }) {
      const asked = { ServiceCode, QuotaCode };
      const missing = ['NoSuchResourceException'];
      // An account has an applied value only of what was ever changed or used.
      const applied = await unless(missing, () => quotas.send(new GetServiceQuotaCommand(asked)));
      if (applied?.Quota?.Value !== undefined) return applied.Quota.Value;
      const standard = await unless(missing, () => quotas.send(new GetAWSDefaultServiceQuotaCommand(asked)));
      return standard?.Quota?.Value;
    },
    async bootstrapVersion() {
      const found = await unless(['ParameterNotFound'], () =>
        new SSMClient({ region }).send(new GetParameterCommand({ Name: BOOTSTRAP_PARAMETER })),
      );
      const version = found?.Parameter?.Value;
      return version === undefined ? undefined : Number(version);
    },
    async hasRole(RoleName) {
      const found = await unless(['NoSuchEntityException', 'NoSuchEntity'], () =>
        new IAMClient({ region }).send(new GetRoleCommand({ RoleName })),
      );
      return found !== undefined;
    },
    async vpcs() {
      let [count, hasOurs] = [0, false];
      for await (const { Vpcs } of paginateDescribeVpcs({ client: ec2 }, {})) {
        count += Vpcs?.length ?? 0;
        hasOurs ||= (Vpcs ?? []).some(({ Tags }) =>
          Tags?.some(({ Key, Value }) => Key === 'aws:cloudformation:stack-name' && Value === STACK_NAME),
        );
      }
      return { count, hasOurs };
    },
    async addressCount() {
      const { Addresses } = await ec2.send(new DescribeAddressesCommand({}));
      return Addresses?.length ?? 0;
    },
  };
}

/** What was asked for; undefined when the answer is one of these errors. */
async function unless<Answer>(
  names: readonly string[],
  ask: () => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (names.includes(namedSchema.safeParse(error).data?.name ?? '')) return undefined;
    throw error;
  }
}
