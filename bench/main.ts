import { parseArgs } from 'node:util';
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
async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean' }, input: { type: 'string' }, help: { type: 'boolean' } },
  });
  const usage = `npm run bench -- NAME [--json] [--input FILE], with NAME one of: ${Object.keys(BENCHMARKS).join(', ')}`;
  if (values.help === true) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const benchmark = BENCHMARKS[positionals[0] ?? ''];
  if (benchmark === undefined || positionals.length !== 1) throw new Error(`Which benchmark? ${usage}`);
  const result = await benchmark(line => process.stderr.write(`${line}\n`), values.input);
  process.stdout.write(
    values.json === true ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, null, 2)}\n`,
  );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
