import { ECR_TRANSFER_IN_REGION, EVENTS, PUBLIC_IPV4, SPOT_SHARE, SQS_REQUEST } from './everywhere';
import type { Price, RegionPrices } from './schema';

const vantage = (usd: number): Price => ({
  usd,
  source: 'https://vantage.sh/blog/fargate-pricing (us-east-1)',
  date: '2026-11-24',
  basis: 'quoted',
});

const known = (usd: number, source: string): Price => ({
  usd,
  source,
  date: '2026-11-24',
  basis: 'commonKnowledge',
});

/** N. Virginia. */
export const US_EAST_1: RegionPrices = {
  region: 'us-east-1',
  spotShare: SPOT_SHARE,
  items: {
    fargateX86VcpuHour: vantage(0.04048),
    fargateX86GbHour: vantage(0.004445),
    fargateArmVcpuHour: vantage(0.03238),
    fargateArmGbHour: vantage(0.00356),
    fargateStorageGbHour: vantage(0.000111),
    publicIpv4Hour: PUBLIC_IPV4,
    natGatewayHour: {
      usd: 0.045,
      source:
        'https://aws.amazon.com/vpc/pricing/, example for us-east-2, which costs what us-east-1 does, as transcribed by api-evangelist/amazon-vpc on GitHub',
      date: '2026-09-20',
      basis: 'quoted',
    },
    natGatewayGb: {
      usd: 0.045,
      source:
        'https://aws.amazon.com/vpc/pricing/, example for us-east-2, which costs what us-east-1 does, as transcribed by api-evangelist/amazon-vpc on GitHub',
      date: '2026-09-20',
      basis: 'quoted',
    },
    interfaceEndpointHour: {
      usd: 0.01,
      source: 'https://gist.github.com/jousby/8a5e422d94821074b957a59d125b27a8 (region not named)',
      date: '2022-12-12',
      basis: 'quoted',
    },
    interfaceEndpointGb: {
      usd: 0.01,
      source: 'https://aws.amazon.com/jp/privatelink/pricing/, first PB a month, all regions',
      date: '2026-11-24',
      basis: 'quoted',
    },
    ecrStorageGbMonth: known(0.1, 'https://aws.amazon.com/ecr/pricing/ (page not at hand)'),
    ecrTransferGb: ECR_TRANSFER_IN_REGION,
    s3PutRequest: known(0.000005, 'https://aws.amazon.com/s3/pricing/ (page not at hand)'),
    s3GetRequest: known(0.0000004, 'https://aws.amazon.com/s3/pricing/ (page not at hand)'),
    s3StorageGbMonth: known(0.023, 'https://aws.amazon.com/s3/pricing/ (page not at hand)'),
    sqsRequest: SQS_REQUEST,
    lambdaRequest: {
      usd: 0.0000002,
      freePerMonth: 1_000_000,
      source: 'https://gist.github.com/mkfmnn/c18899c1337f3cd5402b4f1b7782deff (us-east-1)',
      date: '2017-11-01',
      basis: 'quoted',
    },
    lambdaGbSecond: {
      ...known(0.0000133334, 'https://aws.amazon.com/lambda/pricing/, ARM (page not at hand)'),
      freePerMonth: 400_000,
    },
    metricMonth: {
      usd: 0.3,
      freePerMonth: 10,
      source: 'https://github.com/nishinoshake/aws-rough/issues/37, first 10,000 metrics (region not named)',
      date: '2022-04-29',
      basis: 'quoted',
    },
    alarmMetricMonth: {
      usd: 0.1,
      freePerMonth: 10,
      source:
        'https://github.com/vreutova/infracost-idem-support/pull/2, standard resolution (region not named)',
      date: '2026-11-24',
      basis: 'quoted',
    },
    dashboardMonth: {
      usd: 3,
      freePerMonth: 3,
      source: 'https://github.com/nishinoshake/aws-rough/issues/37 (region not named)',
      date: '2022-04-29',
      basis: 'quoted',
    },
    logsIngestGb: {
      usd: 0.5,
      freePerMonth: 5,
      source: 'https://github.com/vreutova/infracost-idem-support/pull/2 (region not named)',
      date: '2026-11-24',
      basis: 'quoted',
    },
    logsStorageGbMonth: {
      usd: 0.03,
      freePerMonth: 5,
      source: 'https://github.com/vreutova/infracost-idem-support/pull/2 (region not named)',
      date: '2026-11-24',
      basis: 'quoted',
    },
    eventBridgeEvent: EVENTS,
  },
};
