import { parseArgs, type ParseArgsConfig } from 'node:util';
import { nearest } from '../core/problem';
import { messageOf } from './thrown';
import { UsageError } from './usage-error';

type FlagOptions = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends FlagOptions> = ReturnType<
  typeof parseArgs<{ options: T; allowPositionals: true; strict: true }>
>;

/**
 * Reads flags and arguments; they may stand in any order.
 * @param takes names of the arguments, in order, for the message when one is missing or too many are there
 * @throws UsageError that names the flag, its value and the fix
 */
export function parseFlags<T extends FlagOptions>(
  args: string[],
  { options, takes, optional = [] }: { options: T; takes: readonly string[]; optional?: readonly string[] },
): Parsed<T> {
  let parsed: Parsed<T>;
  try {
    parsed = parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(explain(error, Object.keys(options)));
  }
  const missing = takes[parsed.positionals.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing.`);
  const tooMany = parsed.positionals[takes.length + optional.length];
  if (tooMany !== undefined) throw new UsageError(`"${tooMany}" is one argument too many. Leave it out.`);
  return parsed;
}

/** @throws UsageError when it is no number above `above` (default 0) */
export function positiveNumber(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new UsageError(`--${flag} is "${text}"; give a number above 0.`);
}

function explain(error: unknown, names: readonly string[]): string {
  const message = messageOf(error);
  const unknown = /^Unknown option '(-+)([^']+)'/.exec(message);
  if (unknown !== null) {
    const name = unknown[2] ?? '';
    const near = nearest(name, names);
    const known =
      names.length === 0 ? 'It takes no flags.' : `It takes ${names.map(flag => `--${flag}`).join(', ')}.`;
    return `There is no flag ${unknown[1]}${name}.${near === undefined ? '' : ` Did you mean --${near}?`} ${known}`;
  }
  const noValue = /^Option '(?:-\w, )?--([^\s']+)(?: <value>)?' argument (missing|is ambiguous)/.exec(
    message,
  );
  if (noValue !== null) {
    return noValue[2] === 'missing'
      ? `--${noValue[1]} has no value. Write --${noValue[1]} VALUE.`
      : `--${noValue[1]} is followed by another flag instead of its value. Write --${noValue[1]}=VALUE if the value begins with a dash.`;
  }
  const needless = /^Option '(?:-\w, )?--([^\s']+)' does not take an argument/.exec(message);
  if (needless !== null) return `--${needless[1]} takes no value. Write --${needless[1]} alone.`;
  return message;
}
