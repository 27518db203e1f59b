import type { Command } from '../command';
import { parseFlags } from '../flags';
import { outputFileName } from '../../core/preset';
import { describeProblems, parsePresetFile, readPresetFile } from './preset-files';

export const validatePreset: Command = {
  name: 'validate',
  summary: 'everything that is wrong with a preset, and the fix',
  usage: `spotreel preset validate FILE [--json]

Checks a preset as the pipeline will. Each problem is named by its JSON pointer, with the value
that stands there and what may. Exit code 1 when there are any.

  --json   one JSON array of problems: pointer, value, fix
`,
  async run(args, out) {
    const { values, positionals } = parseFlags(args, {
      options: { json: { type: 'boolean' } },
      takes: ['FILE'],
    });
    const [path = ''] = positionals;
    const parsed = await parsePresetFile(await readPresetFile(path));
    const problems = parsed.kind === 'ok' ? [] : parsed.problems;
    if (values.json === true) out.write(`${JSON.stringify(problems, null, 2)}\n`);
    else if (parsed.kind === 'ok')
      out.write(`${path} is in order. It makes: ${parsed.value.outputs.map(outputFileName).join(', ')}.\n`);
    else out.write(`${describeProblems(path, problems)}\n`);
    return problems.length === 0 ? 0 : 1;
  },
};
