import type { Problem } from '../core/problem';

/** The configuration is not as it must be; the message lists every problem with its fix. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super(`The configuration cannot be used:\n${problems.map(line => `  ${describe(line)}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

function describe({ pointer, value, fix }: Problem): string {
  return `${pointer}${value === undefined ? '' : ` = ${value}`}: ${fix}`;
}
