import type { Node } from 'constructs';
import { z } from 'zod';
import { parseValue } from '../core/problem';
import type { Settings } from '../core/settings';
import { settingsSchema } from '../core/settings';
import { ConfigError } from './config-error';
import { networkSchema } from './network/network-config';
import { cidrsSchema } from './network/status-access';

/** Days that CloudWatch Logs offers to keep logs for, up to a year. */
const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365] as const;

const deploymentShape = {
  /** Minutes between two sweeps. Default 5. What an event lost is repaired within two of them. */
  sweepMinutes: z.int().min(1).max(60).default(5),
  /** Seconds a worker may hold an order without renewing. Default 120. Too low runs orders twice. */
  leaseSeconds: z.int().min(3).max(3600).default(120),
  /** Seconds a worker waits for another order before it leaves; they are billed. Default 5. */
  lingerSeconds: z.int().min(0).max(600).default(5),
  /** Invocations of intake at once, and of completion. Default 10, enough for some 300,000 uploads a day. More need room in the account's Lambda concurrency. */
  functionsAtOnce: z.int().min(2).max(1000).default(10),
  /** Days that all logs are kept. Default 30. */
  logRetentionDays: z.literal(LOG_RETENTION_DAYS).default(30),
  /** Whether the buckets outlive the stack. Default true; false deletes them with everything in them. */
  keepData: z.boolean().default(true),
  /** Whether there are alarms. Default true. They are billed even when idle: eleven alarm metrics at 0.10 USD a month each, beyond ten free ones. */
  alarms: z.boolean().default(true),
  /** Address that alarms are mailed to, after it confirmed. Default none: alarms then show in CloudWatch only. */
  alarmEmail: z.email().optional(),
  /** IPv4 networks from which a worker's status page may be opened, as a list or separated by commas. Needed with statusPort. */
  statusCidrs: cidrsSchema.optional(),
  /** Where tasks run: a mode of `NETWORK_MODES`, with what belongs to it. Default publicSubnet. docs/networks.md compares them. */
  network: networkSchema.default({ mode: 'publicSubnet' }),
};

/** Everything that can be configured: the knobs of `settingsSchema` and those that only the stack knows. */
export const configSchema = z
  .strictObject({ ...settingsSchema.shape, ...deploymentShape })
  .superRefine(({ statusPort, statusCidrs }, context) => {
    const refuse = (field: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [field], message });
    if (statusPort !== undefined && statusCidrs === undefined)
      refuse(
        'statusCidrs',
        'With statusPort it must be said who may open the page. Give networks such as 203.0.113.7/32.',
      );
    if (statusPort === undefined && statusCidrs !== undefined)
      refuse(
        'statusPort',
        'Without a port there is no page to open. Give one, such as 8080, or leave statusCidrs out.',
      );
  });

export type PipelineConfigInput = z.input<typeof configSchema>;

/** A configuration with all defaults filled in. */
export interface PipelineConfig extends Omit<z.infer<typeof configSchema>, keyof Settings> {
  /** What the Lambdas read from their SETTINGS variable. */
  readonly settings: Settings;
}

/** Context keys that begin with this are Spotreel's. */
const CONTEXT_PREFIX = 'spotreel:';

/** Configuration given as `-c spotreel:graceSeconds=60` or in the context of cdk.json. Throws a ConfigError. */
export function configFromContext(node: Node): PipelineConfigInput {
  const context: unknown = node.getAllContext();
  const entries = Object.entries(context as Record<string, unknown>)
    .filter(([key]) => key.startsWith(CONTEXT_PREFIX))
    .map(([key, value]) => [key.slice(CONTEXT_PREFIX.length), decode(value)] as const);
  const input: unknown = Object.fromEntries(entries);
  const parsed = parseValue(input, configSchema);
  if (parsed.kind === 'invalid')
    throw new ConfigError(
      parsed.problems.map(problem => ({ ...problem, pointer: contextPointer(problem.pointer) })),
    );
  return parsed.value;
}

/** Fills in defaults. Throws a ConfigError. */
export function resolveConfig(input: PipelineConfigInput): PipelineConfig {
  const parsed = parseValue(input, configSchema);
  if (parsed.kind === 'invalid') throw new ConfigError(parsed.problems);
  const isSetting = (key: string): boolean => key in settingsSchema.shape;
  const entries = Object.entries(parsed.value);
  const settings = settingsSchema.parse(Object.fromEntries(entries.filter(([key]) => isSetting(key))));
  requireTasksToEndFirst(parsed.value.network, settings);
  const { sweepMinutes, leaseSeconds, lingerSeconds, functionsAtOnce } = parsed.value;
  const { logRetentionDays, keepData, alarms, alarmEmail, network, statusCidrs } = parsed.value;
  return {
    settings,
    sweepMinutes,
    leaseSeconds,
    lingerSeconds,
    functionsAtOnce,
    logRetentionDays,
    keepData,
    alarms,
    network,
    ...(statusCidrs === undefined ? {} : { statusCidrs }),
    ...(alarmEmail === undefined ? {} : { alarmEmail }),
  };
}

/** A network that is made for jobs takes no task that could outlive it; it must take some. */
function requireTasksToEndFirst({ mode }: { mode: string }, settings: Settings): void {
  const { networkExpiryMinutes, taskExpiryMinutes } = settings;
  if (mode !== 'perJobNat' || networkExpiryMinutes > taskExpiryMinutes) return;
  throw new ConfigError([
    {
      pointer: '/networkExpiryMinutes',
      value: String(networkExpiryMinutes),
      fix: `A task in the network may live for ${taskExpiryMinutes} minutes (taskExpiryMinutes). Use more than that, such as ${2 * taskExpiryMinutes}.`,
    },
  ]);
}

/** Context from the command line is always text; numbers and truth values are meant by what looks like them. */
function decode(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  return value === 'true' ? true : value === 'false' ? false : value;
}

function contextPointer(pointer: string): string {
  return `/${CONTEXT_PREFIX}${pointer.slice(1)}`;
}
