import type { PriceItem } from './schema';

const UNITS: Readonly<Record<PriceItem, string>> = {
  fargateX86VcpuHour: 'vCPU-hour',
  fargateX86GbHour: 'GB-hour',
  fargateArmVcpuHour: 'vCPU-hour',
  fargateArmGbHour: 'GB-hour',
  fargateStorageGbHour: 'GB-hour',
  publicIpv4Hour: 'hour',
  natGatewayHour: 'hour',
  natGatewayGb: 'GB',
  interfaceEndpointHour: 'hour',
  interfaceEndpointGb: 'GB',
  ecrStorageGbMonth: 'GB-month',
  ecrTransferGb: 'GB',
  s3PutRequest: 'request',
  s3GetRequest: 'request',
  s3StorageGbMonth: 'GB-month',
  sqsRequest: 'request',
  lambdaRequest: 'request',
  lambdaGbSecond: 'GB-second',
  metricMonth: 'metric-month',
  alarmMetricMonth: 'metric-month',
  dashboardMonth: 'dashboard-month',
  logsIngestGb: 'GB',
  logsStorageGbMonth: 'GB-month',
  eventBridgeEvent: 'event',
};

/** What AWS counts for an item. */
export function unitOf(item: PriceItem): string {
  return UNITS[item];
}
