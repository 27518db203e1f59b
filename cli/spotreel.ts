import type { Command, Output } from './command';
import { findCommand, runCommand } from './command-group';
import { messageOf } from './thrown';
import { UsageError } from './usage-error';

/** All commands, in the order in which help lists them. Each is loaded only when it is asked for. */
const COMMANDS: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  cost: () => import('./commands/cost'),
  preset: () => import('./commands/preset'),
  job: () => import('./commands/job'),
  local: () => import('./commands/local'),
  doctor: () => import('./commands/doctor'),
};

const INTRO = `spotreel COMMAND

Looks at presets, costs and jobs, at the local cloud, and at what a deployment needs.
`;

/** @returns the exit code: 0 done, 1 not done or not in order, 2 wrongly asked */
export async function main(args: string[], out: Output): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (name === undefined) {
      out.error(await help());
      return 2;
    }
    if (name === '--help' || name === '-h') {
      out.write(await help());
      return 0;
    }
    const entries = Object.entries(COMMANDS).map(([known, load]) => ({ name: known, load }));
    const { command } = await findCommand(entries, name, 'spotreel').load();
    return await runCommand(command, rest, out);
  } catch (error) {
    out.error(`${messageOf(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function help(): Promise<string> {
  const loaded = await Promise.all(Object.values(COMMANDS).map(load => load()));
  return [
    INTRO,
    ...loaded.map(({ command }) => `  ${command.name.padEnd(10)} ${command.summary}`),
    '\nspotreel COMMAND --help says more of each; docs/cli.md has examples.\n',
  ].join('\n');
}
