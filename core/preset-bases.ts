import { z } from 'zod';
import type { Preset } from './preset';
import { NAME_PATTERN, presetSchema } from './preset';
import type { Parsed, Problem } from './problem';
import { nearest, parseJson, parseValue } from './problem';

const extendsSchema = z
  .string()
  .regex(NAME_PATTERN, 'Use the name of a preset, such as web-720p, without path or extension.')
  .describe(
    'Name of a preset to build on: what stands here changes or adds to it, field by field, outputs by their name.',
  );

/** A preset as users write it: `extends` may stand for all that is not there. */
export const presetFileSchema = z
  .strictObject({
    ...presetSchema.shape,
    extends: extendsSchema.optional(),
    outputs: presetSchema.shape.outputs.optional(),
  })
  .describe('A Spotreel preset: what is made of a video, and on how large a task.');

/** The same once its bases are merged into it. */
const mergedSchema = z.strictObject({ ...presetSchema.shape, extends: extendsSchema.optional() });

/** Presets that may stand behind one another. */
const MOST_BASES = 8;
/** Fields whose value is one of several forms: one form is not mixed with another. */
const REPLACED_WHOLE: ReadonlySet<string> = new Set(['size']);

/** The text of a preset with those of its bases, as far as there are any. */
export interface PresetTexts {
  readonly name: string;
  readonly text: string;
  /** By name. */
  readonly bases: ReadonlyMap<string, string>;
}

/**
 * Finds the bases of a preset, and theirs.
 * @param find text of the preset of a name; undefined when there is none
 */
export async function findBases(
  { name, text }: Pick<PresetTexts, 'name' | 'text'>,
  find: (name: string) => Promise<string | undefined>,
): Promise<Map<string, string>> {
  const bases = new Map<string, string>();
  let base = baseName(parsedOrUndefined(text));
  while (base !== undefined && base !== name && !bases.has(base) && bases.size < MOST_BASES) {
    const found = await find(base);
    if (found === undefined) break;
    bases.set(base, found);
    base = baseName(parsedOrUndefined(found));
  }
  return bases;
}

/**
 * The preset with its bases merged into it and all defaults filled in, or everything that is wrong.
 * A problem in a base has a pointer that begins with the base's file: `presets/BASE.json#/outputs/0`.
 * @param names of all presets there are, for suggestions
 */
export function resolvePreset(texts: PresetTexts, names: readonly string[]): Parsed<Preset> {
  const chain = readChain(texts, names);
  if (chain.kind === 'invalid') return chain;
  let merged: unknown;
  let resolved: Parsed<Preset> | undefined;
  // Each base must be in order by itself, so that what is wrong from then on is wrong in what builds on it.
  for (const layer of [...chain.value].reverse()) {
    merged = merge(merged, layer.content);
    resolved = parseMerged(merged);
    if (resolved.kind === 'invalid') {
      const problems = resolved.problems.map(problem => ({
        ...problem,
        pointer: locate(problem.pointer, merged, layer.content),
      }));
      return { kind: 'invalid', problems: prefixed(layer.prefix, problems) };
    }
  }
  if (resolved === undefined) throw new Error('A preset has one layer at least');
  return resolved;
}

function parseMerged(merged: unknown): Parsed<Preset> {
  const parsed = parseValue(merged, mergedSchema);
  if (parsed.kind === 'invalid' || !isObject(merged)) return parsed;
  const { extends: _base, ...preset } = merged;
  return parseValue(preset, presetSchema);
}

interface Layer {
  /** What stands before a pointer into it; nothing for the preset itself. */
  readonly prefix: string;
  readonly content: unknown;
}

/** The preset itself, its base, the base's base and so on. */
function readChain(texts: PresetTexts, names: readonly string[]): Parsed<readonly Layer[]> {
  const layers: Layer[] = [];
  const seen = [texts.name];
  let { text } = texts;
  let prefix = '';
  for (;;) {
    const parsed = parseJson(text, z.unknown());
    if (parsed.kind === 'invalid') return { kind: 'invalid', problems: prefixed(prefix, parsed.problems) };
    layers.push({ prefix, content: parsed.value });
    const next = baseName(parsed.value);
    if (next === undefined) return { kind: 'ok', value: layers };
    const found = texts.bases.get(next);
    const problem = seen.includes(next)
      ? `The presets build on each other in a circle: ${[...seen, next].join(' → ')}. Let one of them stand by itself.`
      : seen.length > MOST_BASES
        ? `More than ${MOST_BASES} presets stand behind one another. Build on one nearer to the first.`
        : found === undefined
          ? unknownBase(next, names)
          : undefined;
    if (problem !== undefined || found === undefined) {
      const problems = [{ pointer: '/extends', value: next, fix: problem ?? '' }];
      return { kind: 'invalid', problems: prefixed(prefix, problems) };
    }
    seen.push(next);
    [text, prefix] = [found, `presets/${next}.json#`];
  }
}

function unknownBase(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  const known = names.length === 0 ? 'There are none yet.' : `There are: ${names.join(', ')}.`;
  return `No preset has this name.${near === undefined ? '' : ` Did you mean "${near}"?`} ${known}`;
}

function baseName(content: unknown): string | undefined {
  if (!isObject(content)) return undefined;
  const base = content['extends'];
  // What is no name is found wrong when the merged preset is checked.
  return typeof base === 'string' && NAME_PATTERN.test(base) ? base : undefined;
}

function parsedOrUndefined(text: string): unknown {
  const parsed = parseJson(text, z.unknown());
  return parsed.kind === 'ok' ? parsed.value : undefined;
}

function merge(base: unknown, own: unknown): unknown {
  if (!isObject(base) || !isObject(own)) return own;
  const merged = { ...base };
  for (const [key, value] of Object.entries(own)) {
    if (REPLACED_WHOLE.has(key)) merged[key] = value;
    else if (key === 'outputs') merged[key] = mergeOutputs(base[key], value);
    else merged[key] = key in base ? merge(base[key], value) : value;
  }
  return merged;
}

/** Outputs of one name are merged, unless the kind changes; new ones come last. */
function mergeOutputs(base: unknown, own: unknown): unknown {
  if (!Array.isArray(base) || !Array.isArray(own)) return own;
  const merged: unknown[] = [...(base as unknown[])];
  for (const output of own as unknown[]) {
    const index = merged.findIndex(other => nameOf(other) !== undefined && nameOf(other) === nameOf(output));
    if (index < 0) merged.push(output);
    else merged[index] = changesKind(merged[index], output) ? output : merge(merged[index], output);
  }
  return merged;
}

function changesKind(base: unknown, own: unknown): boolean {
  return isObject(base) && isObject(own) && own['kind'] !== undefined && own['kind'] !== base['kind'];
}

/** Where in a layer the field stands, or should stand, that was found wrong in the merged preset: outputs go by their name. */
function locate(pointer: string, merged: unknown, content: unknown): string {
  const [, first, index, ...rest] = pointer.split('/');
  if (first !== 'outputs' || index === undefined) return pointer;
  const name = nameOf(arrayOf(merged, 'outputs')[Number(index)]);
  const ownIndex = arrayOf(content, 'outputs').findIndex(output => nameOf(output) === name);
  return ownIndex < 0 ? pointer : ['', first, ownIndex, ...rest].join('/');
}

function arrayOf(content: unknown, key: string): readonly unknown[] {
  const value = isObject(content) ? content[key] : undefined;
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function nameOf(output: unknown): string | undefined {
  const name = isObject(output) ? output['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function prefixed(prefix: string, problems: readonly Problem[]): Problem[] {
  return problems.map(problem => ({ ...problem, pointer: `${prefix}${problem.pointer}` }));
}
