import { nearest } from '../core/problem';
import type { Command, Output } from './command';
import { UsageError } from './usage-error';

/** A command whose first argument names what to do: `spotreel preset list`. */
export function commandGroup(group: {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly Command[];
}): Command {
  const { name, summary, commands } = group;
  const usage = [
    `spotreel ${name} ACTION\n\n${summary}\n`,
    ...commands.map(command => `  ${command.name.padEnd(10)} ${command.summary}`),
    `\nspotreel ${name} ACTION --help says more of each.\n`,
  ].join('\n');
  return {
    name,
    summary,
    usage,
    actions: commands,
    run: async (args, out) => {
      const [action, ...rest] = args;
      if (action === undefined) throw new UsageError(`Say what to do:\n\n${usage}`);
      const command = findCommand(commands, action, `spotreel ${name}`);
      return runCommand(command, rest, out);
    },
  };
}

/** Runs a command, or prints its usage where that is asked for. */
export async function runCommand(command: Command, args: string[], out: Output): Promise<number> {
  const isForAction = command.actions !== undefined && args[0]?.startsWith('-') === false;
  if (!isForAction && args.some(argument => argument === '--help' || argument === '-h')) {
    out.write(command.usage);
    return 0;
  }
  return command.run(args, out);
}

/** @throws UsageError with the name that was most likely meant */
export function findCommand<T extends { readonly name: string }>(
  commands: readonly T[],
  name: string,
  prefix: string,
): T {
  const found = commands.find(command => command.name === name);
  if (found !== undefined) return found;
  const names = commands.map(command => command.name);
  const near = nearest(name, names);
  throw new UsageError(
    `There is no "${prefix} ${name}".${near === undefined ? '' : ` Did you mean "${prefix} ${near}"?`} Known: ${names.join(', ')}.`,
  );
}
