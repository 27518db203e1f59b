const LINE_WIDTH = 100;

/** A command line for a POSIX shell, quoted where it must be, broken into lines between options. */
export function shellCommand(program: string, args: readonly string[]): string {
  const lines: string[] = [];
  let line = program;
  for (const group of groupOptions(args)) {
    if (line.length + group.length + 1 > LINE_WIDTH && line !== program) {
      lines.push(line);
      line = `  ${group}`;
    } else line = `${line} ${group}`;
  }
  return [...lines, line].join(' \\\n');
}

/** An option with its values. */
function groupOptions(args: readonly string[]): string[] {
  const groups: string[] = [];
  for (const argument of args) {
    const isOption = /^-[A-Za-z]/.test(argument);
    if (isOption || groups.length === 0) groups.push(quote(argument));
    else groups.push(`${groups.pop() ?? ''} ${quote(argument)}`);
  }
  return groups;
}

function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
