import { pricesFor } from '../prices/regions';
import type { NetworkRecord } from '../nat-network-record';
import type { Range } from './range';
import { exactly, mapRange, scale } from './range';
import type { PricedDeployment } from './receipt';
import { priceBasis } from './receipt';
import type { UsageLine } from './usage';
import { priceUsage, totalUsd } from './usage';

const SECONDS_PER_HOUR = 3600;
/**
 * What a task moves through the NAT gateway: calls of ECR, SQS and CloudWatch Logs. Image layers, sources and results
 * go by the S3 gateway endpoint. An assumption.
 */
const NAT_GB_PER_TASK = 0.005;
/** Seconds that a network lives around the tasks in it: it is made, lingers and is taken down. */
export const AROUND_TASKS_SECONDS: Range = { least: 120, likely: 540, most: 1800 };

/** What a network with a NAT gateway is billed for, of which each hour begun counts whole. */
export function natNetworkUsage({ seconds, tasks }: { seconds: Range; tasks: number }): UsageLine[] {
  return [
    {
      what: 'NAT gateway, hours begun',
      item: 'natGatewayHour',
      quantity: mapRange(seconds, value => Math.ceil(value / SECONDS_PER_HOUR)),
    },
    {
      what: 'Traffic through the NAT gateway',
      item: 'natGatewayGb',
      quantity: exactly(tasks * NAT_GB_PER_TASK),
    },
    {
      what: 'Public IPv4 address of the NAT gateway',
      item: 'publicIpv4Hour',
      quantity: scale(seconds, 1 / SECONDS_PER_HOUR),
    },
  ];
}

/** What a network that is gone has cost, by the times in its record. */
export function networkCost(
  record: NetworkRecord,
  deployment: PricedDeployment,
): NonNullable<NetworkRecord['cost']> {
  const { goneAt = record.updatedAt, parts } = record;
  const hoursSince = (from: string | undefined): number =>
    from === undefined
      ? 0
      : Math.max(0, new Date(goneAt).getTime() - new Date(from).getTime()) / 1000 / SECONDS_PER_HOUR;
  const natHours = Math.ceil(hoursSince(parts.natGateway?.askedAt));
  const addressHours = Number(hoursSince(parts.address?.askedAt).toFixed(4));
  const natGb = natHours === 0 ? 0 : Number((NAT_GB_PER_TASK * record.served.length).toFixed(3));
  const usage: UsageLine[] = [
    { what: 'NAT gateway', item: 'natGatewayHour', quantity: exactly(natHours) },
    { what: 'Traffic', item: 'natGatewayGb', quantity: exactly(natGb) },
    { what: 'Public IPv4 address', item: 'publicIpv4Hour', quantity: exactly(addressHours) },
  ];
  const usd = totalUsd(priceUsage(usage, pricesFor(deployment.region).prices)).likely;
  return { natHours, natGb, addressHours, usd: Number(usd.toFixed(6)), ...priceBasis(deployment) };
}
