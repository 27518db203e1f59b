import { commandGroup } from '../command-group';
import { explainPreset } from '../preset/explain';
import { listPresets } from '../preset/list';
import { showPreset } from '../preset/show';
import { tryPreset } from '../preset/try';
import { validatePreset } from '../preset/validate';

export const command = commandGroup({
  name: 'preset',
  summary: 'List, check, explain and try out presets.',
  commands: [listPresets, showPreset, validatePreset, explainPreset, tryPreset],
});
