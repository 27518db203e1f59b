import type { Presets } from '../cloud';
import type { S3Objects } from './s3-objects';

const PRESET_PREFIX = 'presets/';
const EXTENSION = '.json';

/** Presets as they lie below presets/ in the state bucket at this moment. */
export function s3Presets(state: S3Objects): Presets {
  return {
    text: async name => (await state.text(`${PRESET_PREFIX}${name}${EXTENSION}`))?.body,
    async file(key, headBytes) {
      const found = await state.facts(key);
      if (found === undefined) return undefined;
      const head =
        found.sizeBytes === 0
          ? new Uint8Array()
          : await state.bytes(key, { range: `bytes=0-${headBytes - 1}` });
      return { ...found, head };
    },
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
