import { MEDIA_CONVERT } from '../../../core/cost/media-convert';
import { ARTICLE_2020 } from '../../../core/prices/article-2020';
import { REGIONS, pricesFor } from '../../../core/prices/regions';
import { PRICE_ITEMS, priceSchema, regionPricesSchema } from '../../../core/prices/schema';

const TABLES = [...REGIONS, ARTICLE_2020];

describe('the price table', () => {
  it.each(TABLES.map(table => [table.region, table] as const))(
    'of %s has every item, each with its source and date',
    (_, table) => {
      expect(regionPricesSchema.parse(table)).toEqual(table);
      expect(Object.keys(table.items).sort()).toEqual([...PRICE_ITEMS].sort());
    },
  );

  it('of MediaConvert has source and date too', () => {
    for (const price of Object.values(MEDIA_CONVERT)) expect(priceSchema.parse(price)).toEqual(price);
  });

  it.each(['source', 'date'])('without %s is refused', field => {
    const { [field]: _, ...rest }: Record<string, unknown> = { ...REGIONS[0]?.items.sqsRequest };
    expect(priceSchema.safeParse(rest).success).toBe(false);
  });

  it.each(REGIONS.map(table => [table.region, table] as const))(
    'of %s has ARM below x86 and Spot below on-demand',
    (_, { items, spotShare }) => {
      expect(items.fargateArmVcpuHour.usd).toBeLessThan(items.fargateX86VcpuHour.usd);
      expect(items.fargateArmGbHour.usd).toBeLessThan(items.fargateX86GbHour.usd);
      expect(spotShare.least).toBeLessThanOrEqual(spotShare.likely);
      expect(spotShare.likely).toBeLessThanOrEqual(spotShare.most);
      expect(spotShare.most).toBeLessThan(1);
    },
  );

  it('lends the prices of us-east-1 to a region that is not in it, and says so', () => {
    expect(pricesFor('ap-southeast-1')).toMatchObject({
      prices: { region: 'ap-southeast-1' },
      assumed: false,
    });
    expect(pricesFor('eu-north-1')).toMatchObject({ prices: { region: 'us-east-1' }, assumed: true });
    expect(pricesFor(undefined)).toMatchObject({ prices: { region: 'us-east-1' }, assumed: true });
  });
});
