import { LocalCloudError } from '../local-cloud-error';

/** When a schedule fires: at a fixed rate, or in the minutes that a cron expression names. */
export type Timing =
  | { readonly kind: 'rate'; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly includes: (minute: Date) => boolean };

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface Field {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
  readonly of: (minute: Date) => number;
}

/** The fields of AWS's cron expressions, in UTC. Days of the week count from 1 for Sunday. */
const FIELDS: readonly Field[] = [
  { min: 0, max: 59, of: minute => minute.getUTCMinutes() },
  { min: 0, max: 23, of: minute => minute.getUTCHours() },
  { min: 1, max: 31, of: minute => minute.getUTCDate() },
  { min: 1, max: 12, names: MONTHS, of: minute => minute.getUTCMonth() + 1 },
  { min: 1, max: 7, names: WEEKDAYS, of: minute => minute.getUTCDay() + 1 },
  { min: 1970, max: 2199, of: minute => minute.getUTCFullYear() },
];

/** Reads `rate(5 minutes)` or `cron(0 12 * * ? *)`; throws on what is neither. */
export function parseScheduleExpression(expression: string): Timing {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) return { kind: 'rate', everyMs: Number(rate[1]) * (UNIT_MS[rate[2] ?? ''] ?? NaN) };
  const parts = /^cron\((.+)\)$/.exec(expression)?.[1]?.split(' ') ?? [];
  if (parts.length !== FIELDS.length) throw unknownExpression(expression);
  const tests = FIELDS.map((field, index) => parseField(field, parts[index] ?? '', expression));
  return { kind: 'cron', includes: minute => tests.every(test => test(minute)) };
}

function parseField(field: Field, text: string, expression: string): (minute: Date) => boolean {
  if (text === '*' || text === '?') return () => true;
  const values = new Set(text.split(',').flatMap(part => parseRange(field, part, expression)));
  return minute => values.has(field.of(minute));
}

function parseRange(field: Field, text: string, expression: string): number[] {
  const parsed = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(text);
  const [, first = '', last, step] = parsed ?? [];
  const from = first === '*' ? field.min : numberOf(field, first);
  const single = first === '*' || step !== undefined ? field.max : from;
  const to = last === undefined ? single : numberOf(field, last);
  if (!parsed || !(from >= field.min && to <= field.max && from <= to)) throw unknownExpression(expression);
  const every = Number(step ?? 1);
  return Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, index) => from + index * every);
}

function numberOf({ names = [], min }: Field, text: string): number {
  const position = names.indexOf(text.toUpperCase());
  return position >= 0 ? min + position : Number(text);
}

function unknownExpression(expression: string): LocalCloudError {
  return new LocalCloudError(
    `The schedule ${expression} is not understood; use rate(N minutes|hours|days), or cron(…) with numbers, ` +
      'names, lists, ranges and steps in six fields.',
  );
}
