import type { PriceBasis } from '../../core/cost/receipt';
import type { CostLine } from '../../core/cost/usage';
import { unitOf } from '../../core/prices/units';

/** USD with two digits that mean something, and cents from a dollar on. Never in powers of ten. */
export function formatAmount(usd: number): string {
  if (usd === 0) return '0';
  if (usd >= 1) return usd.toFixed(2);
  const digits = Math.min(12, 1 - Math.floor(Math.log10(usd)));
  return usd.toFixed(digits);
}

/** A price to the last digit. */
export function formatPrice(usd: number): string {
  return usd.toFixed(12).replace(/\.?0+$/, '');
}

/** A number of units without digits that nobody can know. */
export function formatQuantity(quantity: number): string {
  if (quantity >= 1000) return String(Math.round(Number(quantity.toPrecision(3))));
  return quantity >= 1 ? String(Number(quantity.toPrecision(3))) : formatAmount(quantity);
}

/** Line, unit, quantity, and USD: likely, at least, at most. */
export function costRows(lines: readonly CostLine[]): string[][] {
  return lines.map(({ what, item, quantity, usd }) => [
    what,
    unitOf(item),
    formatQuantity(quantity.likely),
    ...[usd.likely, usd.least, usd.most].map(formatAmount),
  ]);
}

/** A line that says so where another region's prices stand in. */
export function priceNote(region: string, basis: PriceBasis): string[] {
  return basis.pricesAssumed === true
    ? [`There are no prices for ${region} here; these are those of ${basis.priceRegion}.`]
    : [];
}
