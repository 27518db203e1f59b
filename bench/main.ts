import { measureOverhead } from './overhead';
import { measureReclaim } from './reclaim';

/** What a benchmark prints: ratios against something else measured in the same run. */
type Benchmark = (say: (line: string) => void) => Promise<object>;

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  overhead: measureOverhead,
  reclaim: measureReclaim,
};

/** `npm run bench -- NAME [--json]`: progress on stderr; with --json the result as the last line of stdout. */
async function main(args: readonly string[]): Promise<void> {
  const names = args.filter(arg => !arg.startsWith('-'));
  const benchmark = BENCHMARKS[names[0] ?? ''];
  if (benchmark === undefined || names.length !== 1) {
    throw new Error(
      `Which benchmark? npm run bench -- NAME [--json], with NAME one of: ${Object.keys(BENCHMARKS).join(', ')}`,
    );
  }
  const result = await benchmark(line => process.stderr.write(`${line}\n`));
  process.stdout.write(
    args.includes('--json') ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, null, 2)}\n`,
  );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
