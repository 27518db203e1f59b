import type { NetworkMode } from '../network-mode';
import { ENDPOINT_SERVICES } from '../network-mode';
import { pricesFor } from '../prices/regions';
import { exactly } from './range';
import type { UsageLine } from './usage';
import { priceUsage, totalUsd } from './usage';

export const HOURS_PER_MONTH = 730;

/** A network, as far as it is billed while no task runs. */
export interface NetworkShape {
  readonly mode: NetworkMode;
  /** Availability zones with endpoints, in the mode that has them. */
  readonly zones?: number;
}

/** What the deployment's own network is billed for in so many hours; what others pay for an existing VPC is not in it. */
export function networkUsage({ mode, zones = 2 }: NetworkShape, hours: number): UsageLine[] {
  if (mode !== 'privateEndpoints') return [];
  return [
    {
      what: `Interface endpoints: ${ENDPOINT_SERVICES.join(', ')}, in ${zones === 1 ? 'one zone' : `${zones} zones`}`,
      item: 'interfaceEndpointHour',
      quantity: exactly(ENDPOINT_SERVICES.length * zones * hours),
    },
  ];
}

/** USD for so many hours of the network while nothing runs. */
export function networkUsd(shape: NetworkShape, at: { region: string | undefined; hours: number }): number {
  return totalUsd(priceUsage(networkUsage(shape, at.hours), pricesFor(at.region).prices)).likely;
}

/** Says aloud what a network costs while nothing runs. */
export function describeNetworkCost(shape: NetworkShape, region: string | undefined): string {
  const { prices } = pricesFor(region);
  const usd = (hours: number): string => networkUsd(shape, { region, hours }).toFixed(2);
  const zones = shape.zones ?? 2;
  return (
    `The network ${shape.mode} is billed while nothing runs: ${ENDPOINT_SERVICES.length * zones} interface endpoints ` +
    `(${ENDPOINT_SERVICES.join(', ')}, each in ${zones === 1 ? 'one zone' : `${zones} zones`}) come to about ${usd(1)} USD an hour, ` +
    `${usd(HOURS_PER_MONTH)} USD a month, at the prices of ${prices.region}. The network publicSubnet is billed for nothing then; docs/networks.md compares them.`
  );
}
