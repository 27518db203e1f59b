export type CapacityProvider = 'FARGATE_SPOT' | 'FARGATE';

/**
 * Fargate Linux/x86 in us-east-1, USD per hour. Source: public price list as quoted by secondary sources;
 * Spot at 70 % below on-demand, the usual discount; it varies by region and day.
 */
const ON_DEMAND_VCPU_HOUR_USD = 0.04048;
const ON_DEMAND_GIB_HOUR_USD = 0.004446;
const SPOT_SHARE = 0.3;
/** Every task with a public address pays for it; USD per hour. */
const PUBLIC_IPV4_HOUR_USD = 0.005;
/** A task is billed for one minute at least. */
export const MINIMUM_BILLED_SECONDS = 60;

/** USD for a task of that size over that many seconds, public address included. */
export function taskCostUsd(options: {
  vcpu: number;
  memoryGiB: number;
  seconds: number;
  capacityProvider: CapacityProvider;
}): number {
  const { vcpu, memoryGiB, seconds, capacityProvider } = options;
  const onDemandHour = vcpu * ON_DEMAND_VCPU_HOUR_USD + memoryGiB * ON_DEMAND_GIB_HOUR_USD;
  const hour = onDemandHour * (capacityProvider === 'FARGATE_SPOT' ? SPOT_SHARE : 1) + PUBLIC_IPV4_HOUR_USD;
  return (hour * seconds) / 3600;
}

/** Seconds that AWS bills for a task that ran from `from` to `to`. */
export function billedSeconds(from: Date, to: Date): number {
  return Math.max(MINIMUM_BILLED_SECONDS, Math.ceil((to.getTime() - from.getTime()) / 1000));
}
