import { z } from 'zod';

/**
 * Everything that a deployment may be billed for, by the unit that AWS bills. GB are AWS's own: 2^30 bytes of memory,
 * storage and traffic.
 */
export const PRICE_ITEMS = [
  'fargateX86VcpuHour',
  'fargateX86GbHour',
  'fargateArmVcpuHour',
  'fargateArmGbHour',
  /** Disk of a task beyond the 20 GB that come with it. */
  'fargateStorageGbHour',
  'publicIpv4Hour',
  'natGatewayHour',
  'natGatewayGb',
  /** One interface endpoint in one zone. */
  'interfaceEndpointHour',
  'interfaceEndpointGb',
  'ecrStorageGbMonth',
  /** Of an image, each time that a task pulls it. */
  'ecrTransferGb',
  /** PUT, COPY, POST and LIST; of a multipart upload its beginning, each part and its completion. */
  's3PutRequest',
  /** GET, HEAD and all others; DELETE is free. */
  's3GetRequest',
  /** S3 Standard; parts of unfinished multipart uploads count as objects do. */
  's3StorageGbMonth',
  'sqsRequest',
  'lambdaRequest',
  'lambdaGbSecond',
  'metricMonth',
  'alarmMetricMonth',
  'dashboardMonth',
  'logsIngestGb',
  'logsStorageGbMonth',
  /** Events of AWS services and of schedules, to which the pipeline keeps. */
  'eventBridgeEvent',
] as const;

export type PriceItem = (typeof PRICE_ITEMS)[number];

const provenance = {
  /** Where the value can be read, or what it rests on. */
  source: z.string().min(10),
  /** Day on which the source says that it was so; of undated sources, the day it was looked at. */
  date: z.iso.date(),
  /**
   * `quoted`: the source gives this value. `derived`: computed from values of the source.
   * `commonKnowledge`: widely known, but no source was at hand; check it before relying on the digits.
   */
  basis: z.enum(['quoted', 'derived', 'commonKnowledge']),
};

export const priceSchema = z.strictObject({
  /** US dollars for one unit. The first tier where there are several. */
  usd: z.number().min(0),
  /** Units that an account has free each month, for good; absent: none. Shared by all that runs in the account. */
  freePerMonth: z.number().positive().optional(),
  ...provenance,
});

export const spotShareSchema = z.strictObject({
  /** Price of Fargate Spot over that of on-demand: 0.3 is 70 % below. */
  least: z.number().min(0).max(1),
  likely: z.number().min(0).max(1),
  most: z.number().min(0).max(1),
  ...provenance,
});

export const regionPricesSchema = z.strictObject({
  /** AWS's name, such as us-east-1. */
  region: z.string().min(1),
  spotShare: spotShareSchema,
  items: z.record(z.enum(PRICE_ITEMS), priceSchema),
});

export type Price = z.infer<typeof priceSchema>;
export type RegionPrices = z.infer<typeof regionPricesSchema>;
