import type { Command } from '../command';
import { parseFlags } from '../flags';
import { formatTable } from '../table';
import { outputFileName } from '../../core/preset';
import { loadPreset, presetNames } from './preset-files';

export const listPresets: Command = {
  name: 'list',
  summary: 'the presets that ship, and what each makes',
  usage: `spotreel preset list [--json]

Lists the presets that ship, each with what it is for and the files that it makes.

  --json   one JSON array: name, description, outputs
`,
  async run(args, out) {
    const { values } = parseFlags(args, { options: { json: { type: 'boolean' } }, takes: [] });
    const rows = await Promise.all(
      (await presetNames()).map(async name => {
        const { preset } = await loadPreset(name);
        return { name, description: preset.description ?? '', outputs: preset.outputs.map(outputFileName) };
      }),
    );
    if (values.json === true) out.write(`${JSON.stringify(rows, null, 2)}\n`);
    else {
      const cells = rows.map(({ name, description, outputs }) => [name, outputs.join(', '), description]);
      out.write(`${formatTable(['preset', 'makes', 'what it is for'], cells)}\n`);
    }
    return 0;
  },
};
