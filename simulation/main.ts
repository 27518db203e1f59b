import { setFlagsFromString } from 'node:v8';
import { simulate } from './command';

// Nearly all that is made lives for one step: collected while it is young, it costs little.
setFlagsFromString('--max-semi-space-size=64');
simulate(process.argv.slice(2), line => process.stdout.write(`${line}\n`)).then(
  holds => {
    process.exitCode = holds ? 0 : 1;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
