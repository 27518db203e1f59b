import { ECR_TRANSFER_IN_REGION, EVENTS, PUBLIC_IPV4, SPOT_SHARE, SQS_REQUEST } from './everywhere';
import type { Price, RegionPrices } from './schema';

/** From AWS's Price List API, as quoted with the usage type and the day of the query in notes of public projects. */
const priceList = (usd: number, usageType: string, date: string): Price => ({
  usd,
  source: `AWS Price List API, usage type ${usageType}, as quoted in public notes`,
  date,
  basis: 'quoted',
});

const known = (usd: number, source: string): Price => ({
  usd,
  source,
  date: '2026-11-24',
  basis: 'commonKnowledge',
});

/** Singapore, the region of the article that docs/cost.md compares with. */
export const AP_SOUTHEAST_1: RegionPrices = {
  region: 'ap-southeast-1',
  spotShare: SPOT_SHARE,
  items: {
    fargateX86VcpuHour: priceList(0.05056, 'APS1-Fargate-vCPU-Hours', '2026-08-21'),
    fargateX86GbHour: priceList(0.00553, 'APS1-Fargate-GB-Hours', '2026-08-21'),
    fargateArmVcpuHour: priceList(0.04045, 'APS1-Fargate-ARM-vCPU-Hours', '2026-08-21'),
    fargateArmGbHour: priceList(0.00442, 'APS1-Fargate-ARM-GB-Hours', '2026-08-21'),
    fargateStorageGbHour: known(
      0.000133,
      'Assumed: the price of us-east-1 by 1.2, about what other items of Fargate cost more in Singapore',
    ),
    publicIpv4Hour: PUBLIC_IPV4,
    natGatewayHour: priceList(0.059, 'APS1-NatGateway-Hours', '2026-08-21'),
    natGatewayGb: priceList(0.059, 'APS1-NatGateway-Bytes', '2026-07-01'),
    interfaceEndpointHour: priceList(0.013, 'APS1-VpcEndpoint-Hours', '2026-08-21'),
    interfaceEndpointGb: {
      usd: 0.01,
      source: 'https://aws.amazon.com/jp/privatelink/pricing/, first PB a month, all regions',
      date: '2026-11-24',
      basis: 'quoted',
    },
    ecrStorageGbMonth: {
      usd: 0.1,
      source: 'The founding article on serverless containers (Singapore)',
      date: '2020-05-01',
      basis: 'quoted',
    },
    ecrTransferGb: ECR_TRANSFER_IN_REGION,
    s3PutRequest: priceList(0.000005, 'APS1-Requests-Tier1', '2026-07-01'),
    s3GetRequest: priceList(0.0000004, 'APS1-Requests-Tier2', '2026-07-01'),
    s3StorageGbMonth: priceList(0.025, 'APS1-TimedStorage-ByteHrs, first 50 TB', '2026-07-01'),
    sqsRequest: SQS_REQUEST,
    lambdaRequest: {
      ...priceList(0.0000002, 'APS1-Request-ARM', '2026-08-12'),
      freePerMonth: 1_000_000,
    },
    lambdaGbSecond: {
      ...priceList(0.0000133334, 'APS1-Lambda-GB-Second-ARM', '2026-08-12'),
      freePerMonth: 400_000,
    },
    metricMonth: {
      ...known(0.3, 'https://aws.amazon.com/cloudwatch/pricing/, first 10,000 metrics (page not at hand)'),
      freePerMonth: 10,
    },
    alarmMetricMonth: {
      ...priceList(0.1, 'APS1-CW:AlarmMonitorUsage', '2026-08-12'),
      freePerMonth: 10,
    },
    dashboardMonth: {
      usd: 3,
      freePerMonth: 3,
      source: 'https://aws.amazon.com/cloudwatch/pricing/, as quoted in public notes',
      date: '2026-08-12',
      basis: 'quoted',
    },
    logsIngestGb: { ...priceList(0.7, 'APS1-DataProcessing-Bytes', '2026-08-12'), freePerMonth: 5 },
    logsStorageGbMonth: {
      ...priceList(0.03, 'APS1-TimedStorage-ByteHrs of CloudWatch', '2026-08-12'),
      freePerMonth: 5,
    },
    eventBridgeEvent: EVENTS,
  },
};
