import { AP_SOUTHEAST_1 } from './ap-southeast-1';
import type { RegionPrices } from './schema';
import { US_EAST_1 } from './us-east-1';

export const REGIONS: readonly RegionPrices[] = [US_EAST_1, AP_SOUTHEAST_1];

export interface FoundPrices {
  readonly prices: RegionPrices;
  /** True when the region is not in the table and those of us-east-1 stand in; other regions are mostly dearer by a tenth to a third. */
  readonly assumed: boolean;
}

/** Prices of a region; undefined for a deployment that does not know where it is. */
export function pricesFor(region: string | undefined): FoundPrices {
  const prices = REGIONS.find(other => other.region === region);
  return prices === undefined ? { prices: US_EAST_1, assumed: true } : { prices, assumed: false };
}
