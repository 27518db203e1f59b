import type { Quote, QuoteRequest } from '../../core/cost/quote';
import type { IdleCost } from '../../core/cost/idle';
import { formatTable } from '../table';
import { formatGuessedSeconds, formatRange } from '../units';
import { costRows, formatAmount, priceNote } from './amounts';

export interface QuotedJob {
  readonly request: QuoteRequest;
  readonly quote: Quote;
  readonly presetName: string;
  /** What the whole would come to each month. */
  readonly month?: { readonly jobs: number; readonly idle: IdleCost };
}

/** A quote for people: by line, then beside what else could be used. */
export function quoteText(job: QuotedJob): string {
  const { request, quote, presetName } = job;
  const { vcpu, memoryGiB } = request.preset.task;
  const capacity = request.capacityProvider === 'FARGATE_SPOT' ? 'Fargate Spot' : 'Fargate on demand';
  return [
    `${presetName} on ${capacity}, ${vcpu} vCPU and ${memoryGiB} GiB, ${request.architecture}, ${request.region}`,
    ...priceNote(request.region, quote),
    `The task is billed for ${formatRange(quote.taskSeconds, formatGuessedSeconds)}.`,
    '',
    formatTable(
      ['line', 'unit', 'quantity', 'USD', 'at least', 'at most'],
      [
        ...costRows(quote.lines),
        ['total', '', '', ...[quote.usd.likely, quote.usd.least, quote.usd.most].map(formatAmount)],
      ],
    ),
    '',
    formatTable(['instead', 'USD', 'times'], alternatives(job)),
    ...monthLines(job),
    '',
  ].join('\n');
}

function alternatives({ request, quote }: QuotedJob): string[][] {
  const { basic, professional } = quote.mediaConvertUsd;
  const row = (what: string, usd: number | undefined): string[] =>
    usd === undefined
      ? [what, 'not known', '']
      : [what, formatAmount(usd), (usd / quote.usd.likely).toFixed(1)];
  return [
    ...(request.capacityProvider === 'FARGATE'
      ? []
      : [row('the same on on-demand Fargate', quote.onDemandUsd.likely)]),
    row('MediaConvert, Basic tier', basic),
    row('MediaConvert, Professional tier', professional),
  ];
}

function monthLines({ quote, month }: QuotedJob): string[] {
  if (month === undefined) return [];
  const { jobs, idle } = month;
  return [
    '',
    `${jobs} of them a month: ${formatRange(quote.usd, usd => formatAmount(usd * jobs))} USD, and ${formatAmount(idle.usd)} USD for what is billed when nothing runs (${formatAmount(idle.usdBeyondFree)} beyond the free allowances).`,
  ];
}
