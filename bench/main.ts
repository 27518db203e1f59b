import { measureCrf } from './crf';
import { measureOverhead } from './overhead';

/** What a benchmark prints: ratios against something else measured in the same run; of videos, where paths are given. */
type Benchmark = (say: (line: string) => void, clips: readonly string[]) => Promise<object>;

const BENCHMARKS: Readonly<Record<string, Benchmark>> = { crf: measureCrf, overhead: measureOverhead };

/** `npm run bench -- NAME [CLIP …] [--json]`: progress on stderr; with --json the result as the last line of stdout. */
async function main(args: readonly string[]): Promise<void> {
  const [name = '', ...clips] = args.filter(arg => !arg.startsWith('-'));
  const benchmark = BENCHMARKS[name];
  if (benchmark === undefined) {
    throw new Error(
      `Which benchmark? npm run bench -- NAME [CLIP …] [--json], with NAME one of: ${Object.keys(BENCHMARKS).join(', ')}`,
    );
  }
  const result = await benchmark(line => process.stderr.write(`${line}\n`), clips);
  process.stdout.write(
    args.includes('--json') ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, null, 2)}\n`,
  );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
