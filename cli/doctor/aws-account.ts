import { DescribeAddressesCommand, EC2Client, paginateDescribeVpcs } from '@aws-sdk/client-ec2';
import type { SettingName } from '@aws-sdk/client-ecs';
import { ECSClient, ListAccountSettingsCommand } from '@aws-sdk/client-ecs';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Account } from './account';
import { readVpc } from './vpc-sight';

// The SDK asks for a newer Node than the oldest that is supported here; the check of Node's version says so itself.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const CONNECTION_TIMEOUT_MS = 3000;
const REQUEST_TIMEOUT_MS = 15_000;

/** The account that the credentials at hand belong to. */
export function awsAccount(region: string): Account {
  const options = {
    region,
    // Without a network it should say so soon.
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  };
  const ec2 = new EC2Client(options);
  const ecs = new ECSClient(options);
  const iam = new IAMClient(options);
  const quotas = new ServiceQuotasClient(options);
  const ssm = new SSMClient(options);
  const sts = new STSClient(options);
  return {
    async identity() {
      const { Account: accountId = '', Arn: arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
      return { accountId, arn };
    },
    async ecsSetting(name) {
      const { settings } = await ecs.send(
        new ListAccountSettingsCommand({ name: name as SettingName, effectiveSettings: true }),
      );
      return settings?.find(setting => setting.name === name)?.value;
    },
    async quota({ serviceCode, quotaCode }) {
      const asked = { ServiceCode: serviceCode, QuotaCode: quotaCode };
      // A quota that was never raised may have no value of the account's own.
      const { Quota: quota } =
        (await orUndefined(['NoSuchResourceException'], quotas.send(new GetServiceQuotaCommand(asked)))) ??
        (await orUndefined(
          ['NoSuchResourceException'],
          quotas.send(new GetAWSDefaultServiceQuotaCommand(asked)),
        )) ??
        {};
      return quota?.Value;
    },
    async vpcs() {
      const found: { vpcId: string; stackName?: string }[] = [];
      for await (const { Vpcs } of paginateDescribeVpcs({ client: ec2 }, {})) {
        for (const { VpcId: vpcId = '', Tags } of Vpcs ?? []) {
          const stackName = Tags?.find(({ Key }) => Key === 'aws:cloudformation:stack-name')?.Value;
          found.push({ vpcId, ...(stackName === undefined ? {} : { stackName }) });
        }
      }
      return found;
    },
    vpc: vpcId => readVpc(ec2, vpcId),
    async addressCount() {
      return (await ec2.send(new DescribeAddressesCommand({}))).Addresses?.length ?? 0;
    },
    async hasRole(roleName) {
      const found = iam.send(new GetRoleCommand({ RoleName: roleName }));
      return (await orUndefined(['NoSuchEntityException', 'NoSuchEntity'], found)) !== undefined;
    },
    async parameter(name) {
      const found = ssm.send(new GetParameterCommand({ Name: name }));
      return (await orUndefined(['ParameterNotFound'], found))?.Parameter?.Value;
    },
  };
}

/** Undefined instead of an error that says that it is not there. */
async function orUndefined<T>(names: readonly string[], asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && names.includes(error.name)) return undefined;
    throw error;
  }
}
