import type { PriceItem, RegionPrices } from '../prices/schema';
import type { Range } from './range';
import { add, exactly, multiply } from './range';

/** So many units of something that is billed. Quotes, receipts and idle costs are all lists of these. */
export interface UsageLine {
  /** What it is for, in the words of a bill. */
  readonly what: string;
  readonly item: PriceItem;
  readonly quantity: Range;
  /** Whether it is at Spot's price, as vCPU and memory of a task may be. */
  readonly spot?: boolean;
}

export interface CostLine extends UsageLine {
  readonly unitUsd: Range;
  readonly usd: Range;
}

/** What the lines cost. Nothing is rounded and no free allowance is taken off. */
export function priceUsage(usage: readonly UsageLine[], prices: RegionPrices): CostLine[] {
  return usage.map(line => {
    const { usd } = prices.items[line.item];
    const unitUsd = line.spot === true ? multiply(exactly(usd), prices.spotShare) : exactly(usd);
    return { ...line, unitUsd, usd: multiply(line.quantity, unitUsd) };
  });
}

export function totalUsd(lines: readonly CostLine[]): Range {
  return lines.reduce((total, { usd }) => add(total, usd), exactly(0));
}

/** The same work `times` over, as a month of jobs is. */
export function repeatUsage(usage: readonly UsageLine[], times: number): UsageLine[] {
  return usage.map(line => ({ ...line, quantity: multiply(line.quantity, exactly(times)) }));
}
