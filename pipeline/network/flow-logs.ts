import type { Vpc } from 'aws-cdk-lib/aws-ec2';
import { acknowledge } from '../acknowledge';

/** Says why a VPC of the pipeline's own has no flow logs. */
export function withoutFlowLogs(vpc: Vpc): void {
  acknowledge(
    vpc,
    'VPC7',
    'Flow logs are billed by volume, and a worker moves little but video. It can be reached by nobody and may only speak HTTPS; what it fetched is in the job records.',
  );
}
