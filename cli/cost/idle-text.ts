import type { IdleCost } from '../../core/cost/idle';
import { unitOf } from '../../core/prices/units';
import { formatTable } from '../table';
import { formatAmount, formatQuantity, priceNote } from './amounts';

/** What a deployment costs a month when nothing runs, by line. */
export function idleText(region: string, idle: IdleCost): string {
  return [
    `A deployment in ${region}, a month in which nothing runs. What is kept in the buckets comes on top.`,
    ...priceNote(region, idle),
    '',
    formatTable(
      ['line', 'unit', 'quantity', 'USD', 'beyond free'],
      [
        ...idle.lines.map(({ what, item, quantity, usd, usdBeyondFree }) => [
          what,
          unitOf(item),
          formatQuantity(quantity.likely),
          formatAmount(usd.likely),
          formatAmount(usdBeyondFree),
        ]),
        ['total', '', '', formatAmount(idle.usd), formatAmount(idle.usdBeyondFree)],
      ],
    ),
    '',
    'Beyond free: what is left when the account uses its monthly free allowances for nothing else.',
    '',
  ].join('\n');
}
