import type { Presets } from '../cloud';
import type { S3Objects } from './s3-objects';

const PRESET_PREFIX = 'presets/';
const EXTENSION = '.json';

/** Presets as they lie below presets/ in the state bucket at this moment. */
export function s3Presets(state: S3Objects): Presets {
  return {
    text: async name => (await state.text(`${PRESET_PREFIX}${name}${EXTENSION}`))?.body,
    async names() {
      const names: string[] = [];
      for await (const key of state.keys({ prefix: PRESET_PREFIX })) {
        const name = key.slice(PRESET_PREFIX.length);
        if (name.endsWith(EXTENSION) && !name.includes('/')) names.push(name.slice(0, -EXTENSION.length));
      }
      return names;
    },
  };
}
