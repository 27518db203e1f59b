import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Faults } from './cloud';
import { LocalCloudError, messageOf } from './local-cloud-error';

/** What `npm run local` was asked to do. */
export type Command = LocalCommand | { readonly kind: 'help' };

export interface LocalCommand {
  readonly kind: 'run';
  readonly port: number;
  readonly dataDir: string;
  /** One line of JSON instead of instructions for a person. */
  readonly json: boolean;
  /** CDK context. */
  readonly context: Readonly<Record<string, string>>;
  /** A stack that is synthesized already. */
  readonly assemblyDir?: string;
  readonly faults?: Faults;
}

const DEFAULT_PORT = 4566;
const MAX_PORT = 65_535;

export const USAGE = `npm run local -- [options]

Runs the stack on this machine and serves S3, SQS and ECS on one port of 127.0.0.1.

  --port N                 port to listen on; 0 for the last one or any free one (default ${DEFAULT_PORT})
  --data DIR               where all state is kept (default .spotreel/data)
  --json                   print one line of JSON when ready
  --context KEY=VALUE      CDK context for the stack; may be repeated
  --assembly DIR           run the stack that cdk synth wrote to DIR
  --duplicate-events SEED  deliver every event twice and out of order; the number SEED fixes the order
  --bad-network SEED       answer some requests with 500 or 503 or late, and cut some connections
  --help                   print this
`;

const OPTIONS = {
  port: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean', default: false },
  context: { type: 'string', multiple: true, default: [] as string[] },
  assembly: { type: 'string' },
  'duplicate-events': { type: 'string' },
  'bad-network': { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** Throws LocalCloudError that names the flag, its value and the fix. */
export function parseCommandLine(args: string[], defaults: { dataDir: string }): Command {
  const { values } = parseFlags(args);
  if (values.help) return { kind: 'help' };
  const faults: Faults = {
    ...seedOf('duplicate-events', values['duplicate-events'], seed => ({ duplicateEvents: { seed } })),
    ...seedOf('bad-network', values['bad-network'], seed => ({ badNetwork: { seed } })),
  };
  return {
    kind: 'run',
    port: parseWhole('port', values.port ?? String(DEFAULT_PORT), MAX_PORT),
    dataDir: resolve(values.data ?? defaults.dataDir),
    json: values.json,
    context: Object.fromEntries(values.context.map(parseContext)),
    ...(values.assembly !== undefined && { assemblyDir: resolve(values.assembly) }),
    ...(Object.keys(faults).length > 0 && { faults }),
  };
}

function seedOf(name: string, text: string | undefined, toFaults: (seed: number) => Faults): Faults {
  return text === undefined ? {} : toFaults(parseWhole(name, text, 2 ** 32 - 1));
}

function parseFlags(args: string[]): ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>> {
  try {
    return parseArgs({ args, options: OPTIONS });
  } catch (error) {
    throw new LocalCloudError(`${messageOf(error)}\n\n${USAGE}`);
  }
}

function parseWhole(flag: string, text: string, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= max) return value;
  throw new LocalCloudError(`--${flag} is ${JSON.stringify(text)}; give a whole number from 0 to ${max}.`);
}

function parseContext(text: string): [string, string] {
  const separator = text.indexOf('=');
  if (separator < 1) {
    throw new LocalCloudError(`--context is ${JSON.stringify(text)}; give it as KEY=VALUE.`);
  }
  return [text.slice(0, separator), text.slice(separator + 1)];
}
