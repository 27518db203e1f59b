import { pricesFor } from '../prices/regions';
import type { Price } from '../prices/schema';
import type { NetworkMode } from '../network-mode';
import type { NetworkShape } from './network';
import { HOURS_PER_MONTH, networkUsage } from './network';
import { IMAGE_GB } from './quote';
import { exactly } from './range';
import type { PriceBasis } from './receipt';
import { priceBasis } from './receipt';
import type { CostLine, UsageLine } from './usage';
import { priceUsage } from './usage';

/** The knobs of a deployment that cost something while nothing runs. */
export interface IdleConfig {
  readonly region: string;
  readonly alarms: boolean;
  readonly sweepMinutes: number;
  readonly reconcileMinutes: number;
  readonly cleanUpMinutes: number;
  readonly logRetentionDays: number;
  readonly network: NetworkShape;
  /** Compressed size of the worker's image. Default `IMAGE_GB`. */
  readonly imageGb?: number;
}

export interface IdleLine extends CostLine {
  /** What is left to pay when the account uses its free allowances for nothing else. */
  readonly usdBeyondFree: number;
}

export interface IdleCost extends PriceBasis {
  readonly lines: readonly IdleLine[];
  /** A month, at list price. */
  readonly usd: number;
  /** A month, when the account uses its free allowances for nothing else. */
  readonly usdBeyondFree: number;
}

/** Metrics that the alarms watch: five dead-letter queues, two for waiting orders, one for urgent ones, two for failed jobs, the sweep. */
export const ALARM_METRICS = 11;
export const DASHBOARDS = 1;
/** Metrics with a value from every sweep; those of jobs are billed in the hours in which there are jobs. */
export const IDLE_METRICS = ['SweepRuns', 'OldestOpenJobSeconds'] as const;
/** Queues that Lambda polls for functions: uploads and reports. */
export const POLLED_QUEUES = 2;

/** What comes on top where networks are made for jobs: the stage that makes them, and what watches over it. */
const NETWORK_STAGE_ADDS = { alarmMetrics: 2, metrics: ['NetworksOverdue'], polledQueues: 1 } as const;

export interface IdleCounts {
  readonly alarmMetrics: number;
  readonly metrics: readonly string[];
  readonly polledQueues: number;
}

/** How many of what is billed by the month there are in a mode. */
export function idleCounts(mode: NetworkMode): IdleCounts {
  const makesNetworks = mode === 'perJobNat';
  return {
    alarmMetrics: ALARM_METRICS + (makesNetworks ? NETWORK_STAGE_ADDS.alarmMetrics : 0),
    metrics: [...IDLE_METRICS, ...(makesNetworks ? NETWORK_STAGE_ADDS.metrics : [])],
    polledQueues: POLLED_QUEUES + (makesNetworks ? NETWORK_STAGE_ADDS.polledQueues : 0),
  };
}

/** Lambda keeps five long polls of 20 seconds going at each queue, messages or not. */
const POLLS_PER_QUEUE_HOUR = 5 * 180;
const DAYS_PER_MONTH = 30.4;
const GB = 1024 ** 3;
const LAMBDA_GB = 0.5;
/** Orders of jobs that are urgent, and all others. */
const ORDER_QUEUES = 2;
/** Open jobs, uploads that wait, and what users ask for. */
const LISTED_BY_SWEEP = 3;
/** When the inbox and what is left over were looked at last. */
const READ_BY_SWEEP = 2;
/** The inbox and the newest records; then the note that it was done, likewise of the next. */
const LISTED_BY_LOOK = 3;
/** Unfinished uploads of two buckets, and stored work. */
const LISTED_BY_CLEAN_UP = 4;
/** Of a sweep that finds nothing. An assumption, cold starts included. */
const SWEEP_SECONDS = 1;
/** What a sweep that finds nothing logs: Lambda's three lines and its metrics. */
const SWEEP_LOG_BYTES = 2048;

/** What a deployment costs each month when nobody uses it. What users keep in their buckets is not in it. */
export function idleCost(config: IdleConfig): IdleCost {
  const { prices } = pricesFor(config.region);
  const usage = idleUsage(config);
  const lines = priceUsage(usage, prices).map(line => ({
    ...line,
    usdBeyondFree: beyondFree(line, usage, prices.items[line.item]),
  }));
  return {
    ...priceBasis({ region: config.region, architecture: 'x86_64' }),
    lines,
    usd: lines.reduce((sum, { usd }) => sum + usd.likely, 0),
    usdBeyondFree: lines.reduce((sum, line) => sum + line.usdBeyondFree, 0),
  };
}

function idleUsage(config: IdleConfig): UsageLine[] {
  const sweeps = (HOURS_PER_MONTH * 60) / config.sweepMinutes;
  const looksEvery = (minutes: number): number =>
    minutes <= config.sweepMinutes ? sweeps : (HOURS_PER_MONTH * 60) / minutes;
  const looks = looksEvery(config.reconcileMinutes);
  const cleanUps = looksEvery(config.cleanUpMinutes);
  const counts = idleCounts(config.network.mode);
  const logGb = (sweeps * SWEEP_LOG_BYTES) / GB;
  const line = (what: string, item: UsageLine['item'], quantity: number): UsageLine => ({
    what,
    item,
    quantity: exactly(quantity),
  });
  return [
    ...networkUsage(config.network, HOURS_PER_MONTH),
    line('Dashboard', 'dashboardMonth', DASHBOARDS),
    ...(config.alarms ? [line('Alarms', 'alarmMetricMonth', counts.alarmMetrics)] : []),
    line('Metrics of the sweep', 'metricMonth', counts.metrics.length),
    line(
      'Polling of queues by Lambda',
      'sqsRequest',
      counts.polledQueues * POLLS_PER_QUEUE_HOUR * HOURS_PER_MONTH,
    ),
    line('Look at the order queues by the sweep', 'sqsRequest', ORDER_QUEUES * sweeps),
    line('Sweep: Lambda compute', 'lambdaGbSecond', sweeps * SWEEP_SECONDS * LAMBDA_GB),
    line('Sweep: Lambda requests', 'lambdaRequest', sweeps),
    line(
      'Sweep: S3 listings and notes',
      's3PutRequest',
      LISTED_BY_SWEEP * sweeps + LISTED_BY_LOOK * looks + LISTED_BY_CLEAN_UP * cleanUps,
    ),
    line('Sweep: S3 reads', 's3GetRequest', READ_BY_SWEEP * sweeps),
    line('Sweep: schedule', 'eventBridgeEvent', sweeps),
    line('Sweep: logs written', 'logsIngestGb', logGb),
    line('Sweep: logs kept', 'logsStorageGbMonth', (logGb * config.logRetentionDays) / DAYS_PER_MONTH),
    ...(config.network.mode === 'perJobNat'
      ? [
          line('Look for networks: Lambda compute', 'lambdaGbSecond', sweeps * SWEEP_SECONDS * LAMBDA_GB),
          line('Look for networks: Lambda requests', 'lambdaRequest', sweeps),
          line('Look for networks: messages', 'sqsRequest', 3 * sweeps),
          line('Look for networks: S3 listing', 's3PutRequest', sweeps),
        ]
      : []),
    line('Image of the worker', 'ecrStorageGbMonth', config.imageGb ?? IMAGE_GB),
  ];
}

/** The allowance of an item is shared by its lines in proportion. */
function beyondFree(line: CostLine, usage: readonly UsageLine[], price: Price): number {
  const ofItem = usage
    .filter(({ item }) => item === line.item)
    .reduce((sum, { quantity }) => sum + quantity.likely, 0);
  const billed = Math.max(0, ofItem - (price.freePerMonth ?? 0));
  return ofItem === 0 ? 0 : line.usd.likely * (billed / ofItem);
}
