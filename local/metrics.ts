import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const emfSchema = z.looseObject({
  _aws: z.object({
    Timestamp: z.number(),
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())).default([]),
        Metrics: z.array(z.object({ Name: z.string(), Unit: z.string().default('None') })),
      }),
    ),
  }),
});

const numbers = z.union([z.number(), z.array(z.number())]).transform(value => [value].flat());

const pointSchema = z.object({
  /** ISO 8601. */
  time: z.string(),
  namespace: z.string(),
  name: z.string(),
  unit: z.string(),
  value: z.number(),
  dimensions: z.record(z.string(), z.unknown()),
  /** Function that wrote it. */
  functionName: z.string(),
});

/** One value of one metric. */
export type MetricPoint = z.infer<typeof pointSchema>;

export interface MetricTotal {
  readonly count: number;
  readonly sum: number;
}

/** Metrics in the embedded metric format, as the functions print them; kept in a file over restarts. */
export class Metrics {
  readonly #path: string;
  readonly #points: MetricPoint[];

  /** Opens or makes the file, which has one JSON object per line. */
  constructor(path: string) {
    this.#path = path;
    this.#points = existsSync(path) ? readPoints(path) : [];
  }

  /** Takes a line of output; one that holds no metrics is ignored. */
  record(line: string, functionName: string): void {
    const points = parseEmf(line, functionName);
    if (points.length === 0) return;
    this.#points.push(...points);
    appendFileSync(this.#path, points.map(point => `${JSON.stringify(point)}\n`).join(''));
  }

  values(name: string): number[] {
    return this.#points.filter(point => point.name === name).map(({ value }) => value);
  }

  sum(name: string): number {
    return this.values(name).reduce((total, value) => total + value, 0);
  }

  /** By metric name. */
  totals(): Record<string, MetricTotal> {
    const totals: Record<string, MetricTotal> = {};
    for (const { name, value } of this.#points) {
      const { count, sum } = totals[name] ?? { count: 0, sum: 0 };
      totals[name] = { count: count + 1, sum: sum + value };
    }
    return totals;
  }
}

/** Values in a line of the embedded metric format; none when the line is something else. */
export function parseEmf(line: string, functionName: string): MetricPoint[] {
  const parsed = emfSchema.safeParse(parseJson(line));
  if (!parsed.success) return [];
  const { _aws: header, ...members } = parsed.data;
  const time = new Date(header.Timestamp).toISOString();
  return header.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics: definitions }) => {
    const dimensions = Object.fromEntries(Dimensions.flat().map(name => [name, members[name]]));
    return definitions.flatMap(({ Name: name, Unit: unit }) => {
      const values = numbers.safeParse(members[name]);
      return (values.data ?? []).map(value => ({
        time,
        namespace,
        name,
        unit,
        value,
        dimensions,
        functionName,
      }));
    });
  });
}

function readPoints(path: string): MetricPoint[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .map(line => pointSchema.safeParse(parseJson(line)))
    .flatMap(({ data }) => (data ? [data] : []));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
