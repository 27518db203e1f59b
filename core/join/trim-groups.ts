import type { Excerpt } from '../excerpt';
import { excerptOf } from '../excerpt';
import type { PresetOutput } from '../preset';

/** Outputs that show the same part of the main source, and so are made from one decode. */
export interface TrimGroup {
  readonly excerpt: Excerpt;
  /** Without their trim: it is cut out where the main source is read, and not from what it is joined with. */
  readonly outputs: readonly PresetOutput[];
}

export function trimGroups(outputs: readonly PresetOutput[]): TrimGroup[] {
  const groups = new Map<string, { excerpt: Excerpt; outputs: PresetOutput[] }>();
  for (const output of outputs) {
    const excerpt = excerptOf(output);
    const key = JSON.stringify([excerpt.startSeconds, excerpt.endSeconds]);
    const group = groups.get(key) ?? { excerpt, outputs: [] };
    group.outputs.push(withoutTrim(output));
    groups.set(key, group);
  }
  return [...groups.values()];
}

export function withoutTrim<Output extends PresetOutput>(output: Output): Output {
  return 'trim' in output ? { ...output, trim: undefined } : output;
}
