import { formatAmount, formatPrice, formatQuantity } from '../../cli/cost/amounts';
import { idleCost } from '../../core/cost/idle';
import { MEDIA_CONVERT } from '../../core/cost/media-convert';
import type { CapacityProvider } from '../../core/cost/task';
import { taskUsage } from '../../core/cost/task';
import { exactly } from '../../core/cost/range';
import { priceUsage, totalUsd } from '../../core/cost/usage';
import { AP_SOUTHEAST_1 } from '../../core/prices/ap-southeast-1';
import { ARTICLE_2020 } from '../../core/prices/article-2020';
import { REGIONS } from '../../core/prices/regions';
import type { Price, RegionPrices } from '../../core/prices/schema';
import { PRICE_ITEMS } from '../../core/prices/schema';
import { unitOf } from '../../core/prices/units';
import { taskSizeSchema } from '../../core/task-size';
import type { ArticleNetwork } from './article';
import { articleMonth } from './article';
import { markdownTable } from './markdown';
import { presetRows } from './presets';

/** The tables of docs/cost.md, by the name that stands there. */
export function costTables(): Record<string, string> {
  return {
    'task-hour': taskHours(),
    'article-vpc': articleTable('vpc'),
    'article-nat': articleTable('nat'),
    presets: markdownTable(
      [
        'preset',
        'task',
        'Spot, USD',
        'at least',
        'at most',
        'on demand',
        'MediaConvert Basic',
        'Professional',
      ],
      presetRows(),
      2,
    ),
    idle: idleTable(),
    prices: pricesTable(),
    sources: sourcesTable(),
  };
}

/** USD of an hour of a task of the default size, address included. */
export function taskHourUsd(prices: RegionPrices, capacityProvider: CapacityProvider, arm = false): number {
  const usage = taskUsage({
    size: taskSizeSchema.parse({}),
    architecture: arm ? 'arm64' : 'x86_64',
    capacityProvider,
    seconds: exactly(3600),
    publicAddress: true,
  });
  return totalUsd(priceUsage(usage, prices)).likely;
}

function taskHours(): string {
  const rows = REGIONS.flatMap(prices =>
    [false, true].map(arm => [
      prices.region,
      arm ? 'arm64' : 'x86_64',
      taskHourUsd(prices, 'FARGATE_SPOT', arm).toFixed(4),
      taskHourUsd(prices, 'FARGATE', arm).toFixed(4),
    ]),
  );
  return markdownTable(['region', 'architecture', 'Spot, USD', 'on demand, USD'], rows, 2);
}

function articleTable(network: ArticleNetwork): string {
  const usage = articleMonth(network);
  const then = priceUsage(usage, ARTICLE_2020);
  const now = priceUsage(usage, AP_SOUTHEAST_1);
  const rows = then.map((line, index) => {
    const today = now[index] ?? line;
    return [
      line.what,
      formatQuantity(line.quantity.likely),
      unitOf(line.item),
      formatPrice(line.unitUsd.likely),
      line.usd.likely.toFixed(4),
      formatPrice(today.unitUsd.likely),
      today.usd.likely.toFixed(4),
    ];
  });
  const total = (lines: typeof then): string => totalUsd(lines).likely.toFixed(2);
  return markdownTable(
    ['line', 'quantity', 'unit', '2020: price', 'USD', 'today: price', 'USD'],
    [...rows, ['total', '', '', '', total(then), '', total(now)]],
  );
}

function idleTable(): string {
  const [here, there] = REGIONS.map(({ region }) =>
    idleCost({
      region,
      alarms: true,
      sweepMinutes: 5,
      reconcileMinutes: 60,
      cleanUpMinutes: 60,
      logRetentionDays: 30,
      network: { mode: 'publicSubnet' },
    }),
  );
  if (here === undefined || there === undefined) throw new Error('The table is for two regions');
  const rows = here.lines.map((line, index) => [
    line.what,
    formatQuantity(line.quantity.likely),
    unitOf(line.item),
    formatAmount(line.usd.likely),
    formatAmount(line.usdBeyondFree),
    formatAmount(there.lines[index]?.usd.likely ?? 0),
    formatAmount(there.lines[index]?.usdBeyondFree ?? 0),
  ]);
  const totals = [here.usd, here.usdBeyondFree, there.usd, there.usdBeyondFree].map(formatAmount);
  return markdownTable(
    ['line', 'quantity', 'unit', 'us-east-1', 'beyond free', 'ap-southeast-1', 'beyond free'],
    [...rows, ['total', '', '', ...totals]],
  );
}

function pricesTable(): string {
  const rows = PRICE_ITEMS.map(item => [
    item,
    unitOf(item),
    ...REGIONS.map(({ items }) => formatPrice(items[item].usd)),
    String(REGIONS[0]?.items[item].freePerMonth ?? ''),
  ]);
  const spot = (pick: 'least' | 'likely' | 'most'): string[] => [
    `Spot over on-demand, ${pick}`,
    '',
    ...REGIONS.map(({ spotShare }) => String(spotShare[pick])),
    '',
  ];
  return markdownTable(
    ['item', 'unit', ...REGIONS.map(({ region }) => region), 'free a month'],
    [...rows, spot('least'), spot('likely'), spot('most')],
    2,
  );
}

function sourcesTable(): string {
  const row = (what: string, { source, date, basis }: Pick<Price, 'source' | 'date' | 'basis'>): string[] => [
    what,
    date,
    basis === 'commonKnowledge' ? 'common knowledge' : basis,
    source,
  ];
  const ofRegions = REGIONS.flatMap(({ region, items, spotShare }) => [
    ...PRICE_ITEMS.map(item => row(`${item}, ${region}`, items[item])),
    row(`Spot, ${region}`, spotShare),
  ]);
  const ofMediaConvert = Object.entries(MEDIA_CONVERT).map(([tier, price]) =>
    row(`MediaConvert, ${tier}, ${formatPrice(price.usd)} USD`, price),
  );
  return markdownTable(['what', 'date', 'basis', 'source'], [...ofRegions, ...ofMediaConvert], 4);
}
