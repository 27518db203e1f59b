import type { Price, PriceItem, RegionPrices } from './schema';
import { PRICE_ITEMS } from './schema';

const SOURCE = 'The article on truly serverless containers, in its prices for Singapore';
/** The month of the CDK release that it was written for. */
const DATE = '2020-05-01';

const quoted = (usd: number): Price => ({ usd, source: SOURCE, date: DATE, basis: 'quoted' });
const derived = (usd: number, how: string): Price => ({
  usd,
  source: `${SOURCE}: ${how}`,
  date: DATE,
  basis: 'derived',
});

const GIVEN: Partial<Record<PriceItem, Price>> = {
  fargateX86VcpuHour: derived(0.05056, '0.015168 on Spot, which was 70 % below on-demand'),
  fargateX86GbHour: derived(0.00553, '0.001659 on Spot, which was 70 % below on-demand'),
  natGatewayHour: quoted(0.059),
  ecrStorageGbMonth: quoted(0.1),
  ecrTransferGb: quoted(0.12),
  sqsRequest: quoted(0.0000004),
  lambdaRequest: quoted(0.0000002),
  lambdaGbSecond: derived(
    0.000016664,
    '0.0000002083 for 100 ms at 128 MB, of which its amounts are multiples',
  ),
};

/** What the article calculates with. What it does not count costs nothing here; it takes off no free allowances either. */
export const ARTICLE_2020: RegionPrices = {
  region: 'ap-southeast-1',
  spotShare: { least: 0.3, likely: 0.3, most: 0.3, source: SOURCE, date: DATE, basis: 'derived' },
  items: Object.fromEntries(
    PRICE_ITEMS.map(item => [
      item,
      GIVEN[item] ?? { usd: 0, source: 'Not counted by the article', date: DATE, basis: 'quoted' },
    ]),
  ) as Record<PriceItem, Price>,
};
