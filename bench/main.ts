import { parseArgs } from 'node:util';
import { measureLadder } from './ladder';
import { measureOverhead } from './overhead';

/** What a benchmark prints: ratios against something else measured in the same run. */
type Benchmark = (options: BenchmarkOptions) => Promise<object>;

export interface BenchmarkOptions {
  readonly say: (line: string) => void;
  /** A video to measure with, instead of a made one. */
  readonly input: string | undefined;
}

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  overhead: measureOverhead,
  ladder: measureLadder,
};

/** `npm run bench -- NAME [--input VIDEO] [--json]`: progress on stderr; with --json the result as the last line of stdout. */
async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' }, input: { type: 'string' } },
    allowPositionals: true,
  });
  const benchmark = BENCHMARKS[positionals[0] ?? ''];
  if (benchmark === undefined || positionals.length !== 1) {
    throw new Error(
      `Which benchmark? npm run bench -- NAME [--input VIDEO] [--json], with NAME one of: ${Object.keys(BENCHMARKS).join(', ')}`,
    );
  }
  const result = await benchmark({
    say: line => process.stderr.write(`${line}\n`),
    input: values.input,
  });
  process.stdout.write(
    values.json === true ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, null, 2)}\n`,
  );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
