import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Preset } from '../../core/preset';
import { findBases, resolvePreset } from '../../core/preset-bases';
import type { Parsed, Problem } from '../../core/problem';
import { nearest } from '../../core/problem';
import { describeProblem } from '../problem-text';
import { codeOf } from '../thrown';
import { UsageError } from '../usage-error';

/** The presets that ship. */
const PRESETS_DIR = join(__dirname, '..', '..', 'presets');
const EXTENSION = '.json';

/** A preset as it lies on this machine. */
export interface PresetFile {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/** Names of the presets in a folder, by default those that ship. */
export async function presetNames(folder = PRESETS_DIR): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter(entry => entry.isFile() && entry.name.endsWith(EXTENSION))
    .map(entry => entry.name.slice(0, -EXTENSION.length))
    .sort();
}

/**
 * Finds a preset by its path, or by the name of one that ships.
 * @throws UsageError when there is none
 */
export async function readPresetFile(nameOrPath: string): Promise<PresetFile> {
  const isPath = nameOrPath.endsWith(EXTENSION) || nameOrPath.includes('/');
  const path = isPath ? resolve(nameOrPath) : join(PRESETS_DIR, `${nameOrPath}${EXTENSION}`);
  const text = await readText(path);
  if (text !== undefined) return { name: basename(path, EXTENSION), path, text };
  if (isPath) throw new UsageError(`There is no file ${nameOrPath}. Give the path of a preset.`);
  const names = await presetNames();
  const near = nearest(nameOrPath, names);
  throw new UsageError(
    `There is no preset "${nameOrPath}".${near === undefined ? '' : ` Did you mean "${near}"?`} Those that ship: ${names.join(', ')}. For one of your own, give its path, such as ./${nameOrPath}.json.`,
  );
}

/**
 * The preset with its bases merged into it and all defaults filled in, or everything that is wrong with it.
 * Bases are looked for beside it first, then among those that ship.
 */
export async function parsePresetFile(file: PresetFile): Promise<Parsed<Preset>> {
  const folders = [dirname(file.path), PRESETS_DIR];
  const bases = await findBases(file, async name => {
    for (const folder of folders) {
      const text = await readText(join(folder, `${name}${EXTENSION}`));
      if (text !== undefined) return text;
    }
    return undefined;
  });
  const names = await Promise.all(folders.map(folder => presetNames(folder)));
  return resolvePreset({ ...file, bases }, [...new Set(names.flat())].sort());
}

/** @throws with everything that is wrong with it */
export async function loadPreset(
  nameOrPath: string,
): Promise<{ name: string; path: string; preset: Preset }> {
  const file = await readPresetFile(nameOrPath);
  const parsed = await parsePresetFile(file);
  if (parsed.kind === 'ok') return { name: file.name, path: file.path, preset: parsed.value };
  throw new Error(describeProblems(nameOrPath, parsed.problems));
}

export function describeProblems(nameOrPath: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? 'One thing' : `${problems.length} things`;
  return [`${count} in ${nameOrPath} must be changed:`, ...problems.map(describeProblem)].join('\n');
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}
