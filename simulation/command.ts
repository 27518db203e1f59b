import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chartSvg } from './chart';
import { explore } from './explore';
import type { Faults } from './faults';
import { NO_FAULTS } from './faults';
import { JOBS_AT_ONCE } from '../handlers/sweep';
import { INVARIANTS } from './invariants';
import type { InvariantName, Violation } from './invariants';
import { CALL_SECONDS, SERIES_STEP_MINUTES, runScale } from './scale';
import type { Percentiles, ScaleResult } from './scale';
import type { Scenario } from './scenario';
import { runScenario } from './scenario';

const USAGE = `npm run simulate -- --uploads 1000000 --reclaim-rate 0.05 --seed 1 [--json] [--svg FILE]
  a day of uploads with Spot reclaims: --reclaim-rate is the share of running tasks that is reclaimed in an hour
npm run simulate -- --scenarios 1000 [--seed 1] [--plant FAULT]
  small runs with any mix of faults, checked after every step; without a seed, that of the day. --plant adds a fault to
  each, such as conditionIgnored, which the pipeline cannot stand: it must be found
npm run simulate -- --replay '{"seed":…}'
  one of these again, with everything that happened in it`;

type Say = (line: string) => void;

/**
 * The command `npm run simulate`. Throws an error that says how it is used when it is used otherwise.
 * @returns whether every invariant held
 */
export async function simulate(args: string[], say: Say): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      uploads: { type: 'string' },
      'reclaim-rate': { type: 'string', default: '0.05' },
      seed: { type: 'string', default: new Date().toISOString().slice(0, 10).replaceAll('-', '') },
      scenarios: { type: 'string' },
      plant: { type: 'string' },
      replay: { type: 'string' },
      json: { type: 'boolean', default: false },
      svg: { type: 'string' },
    },
  });
  const seed = readNumber('--seed', values.seed, 2 ** 31);
  if (values.replay !== undefined) return replay(JSON.parse(values.replay) as Scenario, say);
  if (values.scenarios !== undefined)
    return exploreMany(
      {
        ...{ seed, scenarios: readNumber('--scenarios', values.scenarios, 1e7) },
        planted: values.plant === undefined ? {} : readFault(values.plant),
      },
      say,
    );
  if (values.uploads === undefined) throw new Error(`What is to be simulated?\n${USAGE}`);
  const uploads = readNumber('--uploads', values.uploads, 1e7);
  const reclaimRate = readNumber('--reclaim-rate', values['reclaim-rate'], 0.99);
  return scale({ uploads, reclaimRate, seed, json: values.json, svg: values.svg }, say);
}

function readNumber(name: string, text: string, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= most))
    throw new Error(`${name} ${text}: give a number from 0 to ${most}.\n${USAGE}`);
  return value;
}

function readFault(name: string): Partial<Faults> {
  if (name in NO_FAULTS) return { [name]: PLANTED };
  throw new Error(`--plant ${name}: give one of ${Object.keys(NO_FAULTS).join(', ')}.\n${USAGE}`);
}

async function replay(scenario: Scenario, say: Say): Promise<boolean> {
  const { trace, violations, traceHash } = await runScenario({ ...scenario, keepTrace: true });
  say(trace.join('\n'));
  say(`trace ${traceHash}`);
  for (const { invariant, at, message } of violations) say(`${invariant} violated at ${at}: ${message}`);
  return violations.length === 0;
}

async function exploreMany(options: Parameters<typeof explore>[0], say: Say): Promise<boolean> {
  const { failure, scenarios, jobs, steps, simulatedHours } = await explore(options);
  if (failure !== undefined)
    say(`${failure.message}\nnpm run simulate -- --replay '${JSON.stringify(failure.scenario)}'`);
  say(
    `seed ${options.seed}: ${scenarios} scenarios, ${jobs} jobs, ${steps} steps, ${Math.round(simulatedHours)} simulated hours; ${failure === undefined ? 'every invariant held' : 'an invariant was violated'}.`,
  );
  return failure === undefined;
}

/** Probability of a fault that is planted. */
const PLANTED = 1;

interface ScaleRun {
  readonly uploads: number;
  readonly reclaimRate: number;
  readonly seed: number;
  readonly json: boolean;
  readonly svg: string | undefined;
}

async function scale({ json, svg, ...options }: ScaleRun, say: Say): Promise<boolean> {
  const startedMs = performance.now();
  let peakMemory = 0;
  const result = await runScale({
    ...options,
    onHour: (hour, uploads) => {
      peakMemory = Math.max(peakMemory, process.memoryUsage.rss());
      process.stderr.write(`hour ${hour}: ${uploads} uploads, ${megabytes(peakMemory)}\n`);
    },
  });
  peakMemory = Math.max(peakMemory, process.memoryUsage.rss());
  const wallSeconds = (performance.now() - startedMs) / 1000;
  const cpu = process.cpuUsage();
  const cpuSeconds = (cpu.user + cpu.system) / 1e6;
  if (svg !== undefined) writeFileSync(svg, draw(result, options));
  if (json) {
    const { series: _series, ...rest } = result;
    const verdicts = Object.fromEntries(verdictsOf(result.violations));
    say(JSON.stringify({ ...rest, verdicts, peakMemoryBytes: peakMemory, wallSeconds, cpuSeconds }));
  } else {
    for (const [name, value] of rowsOf(result)) say(`${name.padEnd(38)}${value}`);
    say(
      `${'the simulation itself'.padEnd(38)}${wallSeconds.toFixed(0)} s, ${cpuSeconds.toFixed(0)} s of CPU, ${megabytes(peakMemory)}, ${result.steps} steps`,
    );
    for (const [name, verdict] of verdictsOf(result.violations))
      say(`${name} ${INVARIANTS[name].padEnd(62)}${verdict}`);
  }
  return result.violations.length === 0;
}

function rowsOf(result: ScaleResult): [string, string][] {
  const share = (part: number, whole: number): string =>
    `${((100 * part) / Math.max(1, whole)).toFixed(2)} %`;
  const encodeHours = result.heldSeconds / 3600;
  return [
    ['uploads: done, rejected, otherwise', `${result.done}, ${result.rejected}, ${result.otherEnds}`],
    ['tasks, of them reclaimed', `${result.tasks}, ${result.reclaims}`],
    ['most tasks at once (vCPUs)', `${result.peakTasks} (${result.peakVcpus})`],
    ['most RunTask calls in a second', String(result.peakRunTaskPerSecond)],
    ['most intake functions at once', String(result.peakIntakeFunctions)],
    ['most completion functions at once', String(result.peakCompletionFunctions)],
    [
      'calls of the largest sweep',
      `${result.peakSweepCalls}, ${Math.round((result.peakSweepCalls * CALL_SECONDS) / JOBS_AT_ONCE)} s at ${CALL_SECONDS * 1000} ms each, ${JOBS_AT_ONCE} at once, of 900`,
    ],
    ['age of orders in the queue', percentilesText(result.queueAgeSeconds)],
    ['upload to done', percentilesText(result.uploadToDoneSeconds)],
    ['cost of the tasks', `${result.usd.toFixed(2)} USD`],
    [
      'billed task hours',
      `${result.billedHours.toFixed(0)}, of them encoding ${share(encodeHours, result.billedHours)}`,
    ],
    [
      'encoding that came to nothing',
      `${Math.round(result.lostSeconds)} s, ${share(result.lostSeconds, result.heldSeconds)}`,
    ],
    ['quotas needed: Fargate Spot vCPUs', String(result.peakVcpus)],
    ['quotas needed: RunTask per second', String(result.peakRunTaskPerSecond)],
  ];
}

function percentilesText({ p50, p95, p99 }: Percentiles): string {
  return `p50 ${p50.toFixed(1)} s, p95 ${p95.toFixed(1)} s, p99 ${p99.toFixed(1)} s`;
}

function verdictsOf(violations: readonly Violation[]): [InvariantName, string][] {
  return (Object.keys(INVARIANTS) as InvariantName[]).map(name => {
    const broken = violations.filter(({ invariant }) => invariant === name);
    return [
      name,
      broken[0] === undefined ? 'holds' : `VIOLATED ${broken.length} times: ${broken[0].message}`,
    ];
  });
}

function draw({ series, uploads }: ScaleResult, { reclaimRate }: { reclaimRate: number }): string {
  const title = `${uploads.toLocaleString('en-US')} uploads in a simulated day, ${reclaimRate * 100} % of the tasks reclaimed per hour`;
  return chartSvg(
    title,
    [
      { title: 'Uploads per minute', values: series.uploadsPerMinute, colour: '#1b6ca8' },
      { title: 'Tasks at once', values: series.tasks, colour: '#c0392b' },
      { title: 'RunTask calls per minute', values: series.launchesPerMinute, colour: '#2e8b57' },
    ],
    SERIES_STEP_MINUTES,
  );
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
