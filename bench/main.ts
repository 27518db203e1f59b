import { measureChunks } from './chunks';
import { measureCrf } from './crf';
import { measureLadder } from './ladder';
import { measureOverhead } from './overhead';
import { measureReclaim } from './reclaim';

/** What a benchmark prints: ratios against something else measured in the same run. */
type Benchmark = (say: (line: string) => void, input?: string) => Promise<object>;

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  chunks: measureChunks,
  crf: measureCrf,
  ladder: measureLadder,
  overhead: measureOverhead,
  reclaim: measureReclaim,
};

/**
 * `npm run bench -- NAME [--json] [--input FILE]`: progress on stderr; with --json the result as the last line of
 * stdout. `chunks`, `crf` and `ladder` measure a video of your own with --input.
 */
async function main(args: readonly string[]): Promise<void> {
  const inputAt = args.indexOf('--input') + 1;
  const input = inputAt === 0 ? undefined : args[inputAt];
  const names = args.filter((arg, index) => !arg.startsWith('-') && (inputAt === 0 || index !== inputAt));
  const benchmark = BENCHMARKS[names[0] ?? ''];
  if (benchmark === undefined || names.length !== 1) {
    throw new Error(
      `Which benchmark? npm run bench -- NAME [--json] [--input FILE], with NAME one of: ${Object.keys(BENCHMARKS).join(', ')}`,
    );
  }
  const result = await benchmark(line => process.stderr.write(`${line}\n`), input);
  process.stdout.write(
    args.includes('--json') ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, null, 2)}\n`,
  );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
