import { pricesFor } from '../prices/regions';
import type { Settings } from '../settings';
import { exactly } from './range';
import type { BilledSize, CapacityProvider } from './task';
import { taskUsage } from './task';
import { priceUsage, totalUsd } from './usage';

/** Where and on what tasks run, as far as prices depend on it. */
export type PricedDeployment = Pick<Settings, 'region' | 'architecture' | 'publicAddress'>;

/** Whose prices were taken for an amount. */
export interface PriceBasis {
  /** Region whose prices were used. */
  readonly priceRegion: string;
  /** Present when the deployment's own region is not in the price table. */
  readonly pricesAssumed?: true;
}

export function priceBasis({ region }: PricedDeployment): PriceBasis {
  const { prices, assumed } = pricesFor(region);
  return { priceRegion: prices.region, ...(assumed ? { pricesAssumed: true as const } : {}) };
}

/** USD for a task of that size over that many seconds, its public address included; Spot at its typical price. */
export function taskCostUsd(
  task: { size: BilledSize; seconds: number; capacityProvider: CapacityProvider },
  deployment: PricedDeployment,
): number {
  const usage = taskUsage({
    size: task.size,
    seconds: exactly(task.seconds),
    capacityProvider: task.capacityProvider,
    architecture: deployment.architecture,
    publicAddress: deployment.publicAddress ?? true,
  });
  return totalUsd(priceUsage(usage, pricesFor(deployment.region).prices)).likely;
}
