import { redact } from '../core/redact';

type Fields = Readonly<Record<string, unknown>>;

/** Writes one JSON object per line; nothing that is signed or secret gets through. */
export interface Log {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** A log of which every line has these fields too. */
  with(fields: Fields): Log;
}

/** @param write takes a line with its line break; standard output by default */
export function createLog(
  fields: Fields = {},
  write: (line: string) => void = line => void process.stdout.write(line),
): Log {
  const put =
    (level: string) =>
    (message: string, more: Fields = {}): void => {
      const line = JSON.stringify(
        { level, message, timestamp: new Date().toISOString(), ...fields, ...more },
        (_key, value: unknown) => (value instanceof Error ? describeError(value) : value),
      );
      write(`${redact(line)}\n`);
    };
  return {
    info: put('INFO'),
    warn: put('WARN'),
    error: put('ERROR'),
    with: more => createLog({ ...fields, ...more }, write),
  };
}

function describeError(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${describeError(error.cause)}` : error.message;
}
