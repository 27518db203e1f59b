import type { Command } from '../command';
import { parseFlags } from '../flags';
import { loadPreset } from './preset-files';

export const showPreset: Command = {
  name: 'show',
  summary: 'a preset with every default filled in',
  usage: `spotreel preset show NAME|FILE

Prints a preset as JSON with every default filled in: all that there is to set.
NAME is one that ships, FILE the path of yours.
`,
  async run(args, out) {
    const { positionals } = parseFlags(args, { options: {}, takes: ['NAME or FILE'] });
    const { preset } = await loadPreset(positionals[0] ?? '');
    out.write(`${JSON.stringify(preset, null, 2)}\n`);
    return 0;
  },
};
