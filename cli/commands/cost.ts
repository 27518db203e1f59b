import { statSync } from 'node:fs';
import type { IdleCost } from '../../core/cost/idle';
import { idleCost } from '../../core/cost/idle';
import type { QuoteRequest } from '../../core/cost/quote';
import type { NetworkShape } from '../../core/cost/network';
import { quote } from '../../core/cost/quote';
import type { Architecture } from '../../core/cost/task';
import type { NetworkMode } from '../../core/network-mode';
import { NETWORK_MODES } from '../../core/network-mode';
import type { Command, Output } from '../command';
import { idleText } from '../cost/idle-text';
import type { QuotedJob } from '../cost/quote-text';
import { quoteText } from '../cost/quote-text';
import { parseFlags, positiveNumber } from '../flags';
import { PART_FLAGS, withParts } from '../preset/local-parts';
import { withLocalSource } from '../preset/local-source';
import { loadPreset } from '../preset/preset-files';
import { sourceLine } from '../preset/source-line';
import { UsageError } from '../usage-error';

const OPTIONS = {
  ...PART_FLAGS,
  input: { type: 'string' },
  preset: { type: 'string' },
  'per-month': { type: 'string' },
  'on-demand': { type: 'boolean', default: false },
  'no-address': { type: 'boolean', default: false },
  idle: { type: 'boolean', default: false },
  region: { type: 'string', default: process.env['AWS_REGION'] ?? 'us-east-1' },
  arm: { type: 'boolean', default: false },
  network: { type: 'string', default: 'publicSubnet' },
  zones: { type: 'string', default: '2' },
  'no-alarms': { type: 'boolean', default: false },
  'sweep-minutes': { type: 'string', default: '5' },
  'log-days': { type: 'string', default: '30' },
  json: { type: 'boolean', default: false },
} as const;

type Flags = ReturnType<typeof readFlags>;

export const command: Command = {
  name: 'cost',
  summary: 'What a video will cost, or a deployment while nothing runs.',
  usage: `spotreel cost --input VIDEO --preset NAME|FILE [--intro FILE] [--outro FILE] [--per-month N] [--on-demand] [--arm] [--network MODE] [--no-address]
spotreel cost --idle [--network MODE] [--zones N] [--no-alarms] [--sweep-minutes N] [--log-days N]

Says what a job will cost, by line, beside on-demand Fargate and MediaConvert. Nothing is encoded:
the time is an estimate with its bounds. Or says what a deployment costs each month when nobody
uses it. docs/cost.md has the formulas and where the prices are from.

  --input VIDEO       the video, on this machine
  --preset NAME|FILE  a preset that ships, or the path of yours
  --intro FILE        shown before the video; may be given several times
  --outro FILE        shown after it
  --per-month N       what N of them come to, with what is billed while nothing runs
  --on-demand         on-demand capacity instead of Spot
  --arm               ARM instead of x86 (the setting architecture)
  --network MODE      the setting network: publicSubnet (default), existingVpc, privateEndpoints
                      or perJobNat
  --zones N           with privateEndpoints, zones that have endpoints: 1 or 2 (default)
  --no-address        tasks have no public IPv4 address, as in private subnets of an existing VPC
  --idle              a month in which nothing runs
  --no-alarms         without alarms (the setting alarms)
  --sweep-minutes N   the setting sweepMinutes (default 5)
  --log-days N        the setting logRetentionDays (default 30)
  --region REGION     default AWS_REGION, else us-east-1
  --json              as one JSON object
`,
  async run(args, out) {
    const flags = readFlags(args);
    if (flags.idle) {
      if (flags.input !== undefined) throw new UsageError('--idle is about no video. Leave --input out.');
      const idle = idleOf(flags);
      out.write(flags.json ? json(idle) : idleText(flags.region, idle));
      return 0;
    }
    return quoteVideo(flags, out);
  },
};

function readFlags(args: string[]): ReturnType<typeof parseFlags<typeof OPTIONS>>['values'] {
  return parseFlags(args, { options: OPTIONS, takes: [] }).values;
}

async function quoteVideo(flags: Flags, out: Output): Promise<number> {
  const { input } = flags;
  if (input === undefined) throw new UsageError('--input is missing. Write --input VIDEO, or --idle.');
  if (flags.preset === undefined) throw new UsageError('--preset is missing. Write --preset NAME.');
  const jobs = flags['per-month'] === undefined ? undefined : positiveNumber('per-month', flags['per-month']);
  const { name, preset } = await loadPreset(flags.preset);
  const { intro = [], outro = [] } = flags;
  const parts = { video: input, outputs: preset.outputs, intro, outro };
  const probe = await withLocalSource(input, preset.outputs, source =>
    withParts(source, parts, async joined => joined.probe),
  );
  const request: QuoteRequest = {
    probe,
    sourceBytes: [input, ...intro, ...outro].reduce((sum, path) => sum + statSync(path).size, 0),
    preset,
    region: flags.region,
    capacityProvider: flags['on-demand'] ? 'FARGATE' : 'FARGATE_SPOT',
    architecture: architectureOf(flags),
    publicAddress: !flags['no-address'] && isPublic(networkOf(flags).mode),
    network: networkOf(flags).mode,
  };
  const quoted = quote(request);
  if (quoted === undefined)
    throw new Error(`${input} does not say how long it lasts, so its cost can't be told beforehand.`);
  const job: QuotedJob = {
    request,
    quote: quoted,
    presetName: name,
    ...(jobs === undefined ? {} : { month: { jobs, idle: idleOf(flags) } }),
  };
  out.write(
    flags.json
      ? json({ ...quoted, ...(job.month === undefined ? {} : { month: job.month }) })
      : `${sourceLine(input, probe)}\n${quoteText(job)}`,
  );
  return 0;
}

function idleOf(flags: Flags): IdleCost {
  return idleCost({
    region: flags.region,
    alarms: !flags['no-alarms'],
    sweepMinutes: positiveNumber('sweep-minutes', flags['sweep-minutes']),
    reconcileMinutes: 60,
    cleanUpMinutes: 60,
    logRetentionDays: positiveNumber('log-days', flags['log-days']),
    network: networkOf(flags),
  });
}

/** Whether tasks have public addresses of their own, as far as the mode says. */
function isPublic(mode: NetworkMode): boolean {
  return mode !== 'privateEndpoints' && mode !== 'perJobNat';
}

function networkOf({ network, zones }: Flags): NetworkShape {
  const mode = NETWORK_MODES.find(known => known === network);
  if (mode === undefined)
    throw new UsageError(`--network is "${network}"; use one of: ${NETWORK_MODES.join(', ')}.`);
  if (zones !== '1' && zones !== '2') throw new UsageError(`--zones is "${zones}"; use 1 or 2.`);
  return { mode, zones: Number(zones) };
}

function architectureOf(flags: Flags): Architecture {
  return flags.arm ? 'arm64' : 'x86_64';
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
