import { exactly } from '../../core/cost/range';
import { taskUsage } from '../../core/cost/task';
import type { UsageLine } from '../../core/cost/usage';
import { repeatUsage } from '../../core/cost/usage';

/** How the article's container reaches the internet: from a VPC that is there, or through a NAT made for each job. */
export type ArticleNetwork = 'vpc' | 'nat';

/** "Five jobs a day": both of the article's totals come out with a month of 30 days only. */
export const ARTICLE_JOBS = 5 * 30;
/** "Just under 100 MB". */
const IMAGE_GB = 0.1;
const LAMBDA_GB = 0.125;

/**
 * Seconds of Lambda for a job. The amounts that the article prints, 0.000031245 and 0.000007291 USD, are those of ten
 * times and a tenth of the seconds that it names: a decimal point slipped twice. Its totals are the sums as printed.
 */
export const ARTICLE_LAMBDA_SECONDS: Readonly<
  Record<'asPrinted' | 'asNamed', Record<ArticleNetwork, number>>
> = {
  asPrinted: { vpc: 15, nat: 3.5 },
  asNamed: { vpc: 1.5, nat: 35 },
};

/** A month of the article's example: each job an hour on 1 vCPU and 2 GB of Spot, started by one Lambda, ended by another. */
export function articleMonth(
  network: ArticleNetwork,
  lambdaSeconds: number = ARTICLE_LAMBDA_SECONDS.asPrinted[network],
): UsageLine[] {
  const job: UsageLine[] = [
    ...taskUsage({
      size: { vcpu: 1, memoryGiB: 2, ephemeralStorageGiB: 20 },
      architecture: 'x86_64',
      capacityProvider: 'FARGATE_SPOT',
      seconds: exactly(3600),
      // The NAT has an address too, in place of the task's.
      publicAddress: true,
    }),
    { what: 'ECR transfer', item: 'ecrTransferGb', quantity: exactly(IMAGE_GB) },
    { what: 'Lambda requests', item: 'lambdaRequest', quantity: exactly(2) },
    { what: 'Lambda compute', item: 'lambdaGbSecond', quantity: exactly(lambdaSeconds * LAMBDA_GB) },
    { what: 'SQS messages', item: 'sqsRequest', quantity: exactly(2) },
    ...(network === 'nat'
      ? [{ what: 'NAT, by the started hour', item: 'natGatewayHour' as const, quantity: exactly(1) }]
      : []),
  ];
  return [
    { what: 'ECR storage', item: 'ecrStorageGbMonth', quantity: exactly(IMAGE_GB) },
    ...repeatUsage(job, ARTICLE_JOBS),
  ];
}
