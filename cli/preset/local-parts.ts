import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { probeSource } from '../../container/media/examine';
import { failureOf, OrderFailure } from '../../container/order-failure';
import { WHOLE } from '../../core/excerpt';
import type { Place } from '../../core/input-use';
import type { FurtherPart } from '../../core/join/join';
import { joinSources, needsPicture } from '../../core/join/join';
import { ofPart, unusablePart } from '../../core/join/part-failure';
import { trimGroups } from '../../core/join/trim-groups';
import type { PresetOutput } from '../../core/preset';
import type { Probe } from '../../core/probe';
import { lastingSeconds } from '../../core/probe';
import { beyondLimits } from '../../core/source-limits';
import { UsageError } from '../usage-error';
import { FileGate } from './file-gate';
import { namedByManifest } from './further-inputs';
import type { LocalSource } from './local-source';

/** Flags that name what is shown before and after a video. */
export const PART_FLAGS = {
  intro: { type: 'string', multiple: true },
  outro: { type: 'string', multiple: true },
} as const;

/** How they are explained. */
export const PART_USAGE = `  --intro FILE    shown before the video, as by a manifest; may be given several times
  --outro FILE    shown after it
`;

export interface PartsAsked {
  readonly video: string;
  readonly outputs: readonly PresetOutput[];
  readonly manifest?: string | undefined;
  readonly intro?: readonly string[] | undefined;
  readonly outro?: readonly string[] | undefined;
}

/** A video with what is shown before and after it. */
export interface WithParts {
  /** All of it as one source. */
  readonly probe: Probe;
  /** Outputs that are made together, and of what: one group, but where outputs show different parts of the video. */
  readonly groups: readonly { readonly outputs: readonly PresetOutput[]; readonly source: LocalSource }[];
  /** Path of a file of the source. @param inputId absent: the video */
  readonly pathOf: (inputId?: string) => string;
}

/**
 * Joins a video with what flags and manifest name to be shown before and after it.
 * @param use what to do with it; the files are closed afterwards
 * @throws an error in the words of the record's failure, with the name of the file, when one can't be shown
 */
export async function withParts<T>(
  source: LocalSource,
  asked: PartsAsked,
  use: (joined: WithParts) => Promise<T>,
): Promise<T> {
  const paths = await partPaths(asked);
  const { outputs, video } = asked;
  if (paths.size === 0)
    return use({ probe: source.probe, groups: [{ outputs, source }], pathOf: () => video });
  const gates = new Map<string, FileGate>();
  try {
    const further: FurtherPart[] = [];
    for (const [inputId, { path, place }] of paths) {
      const gate = await FileGate.open(path);
      gates.set(inputId, gate);
      further.push({
        inputId,
        place,
        fileName: basename(path),
        probe: await probePart(source, gate, { path, outputs }),
      });
    }
    const partUrl = (inputId: string): string => gates.get(inputId)?.url ?? '';
    const joined = (excerpt: typeof WHOLE): Probe => joinSources(source.probe, further, { outputs, excerpt });
    return await use({
      probe: joined(WHOLE),
      groups: trimGroups(outputs).map(group => ({
        outputs: group.outputs,
        source: { ...source, partUrl, probe: joined(group.excerpt) },
      })),
      pathOf: (inputId = '') => paths.get(inputId)?.path ?? video,
    });
  } finally {
    await Promise.all([...gates.values()].map(gate => gate.close()));
  }
}

async function partPaths({
  video,
  manifest,
  intro = [],
  outro = [],
}: PartsAsked): Promise<Map<string, { path: string; place: Place }>> {
  const named = manifest === undefined ? [] : await namedByManifest(manifest, resolve(video));
  const paths = new Map<string, { path: string; place: Place }>();
  for (const { id, key, use } of named)
    if (use.kind === 'part') paths.set(id, { path: key, place: use.place });
  const add = (place: Place, files: readonly string[]): void =>
    files.forEach((path, index) => paths.set(`flag/${place}/${index}`, { path, place }));
  add('intro', intro);
  add('outro', outro);
  for (const { path, place } of paths.values())
    if (!existsSync(path))
      throw new UsageError(`--${place} ${path}: there is no such file. Give the path of a video.`);
  return paths;
}

async function probePart(
  source: LocalSource,
  gate: FileGate,
  { path, outputs }: { path: string; outputs: readonly PresetOutput[] },
): Promise<Probe> {
  try {
    const probe = await probeSource({ ...source, input: gate.url, sourceBytesRead: () => gate.bytesRead });
    const isShown = source.probe.video !== undefined && outputs.some(needsPicture);
    const failure = unusablePart(probe, isShown) ?? beyondLimits(outputs, probe);
    if (failure !== undefined) throw new OrderFailure(failure);
    if (lastingSeconds(probe) !== undefined) return probe;
  } catch (error) {
    throw new OrderFailure(ofPart(basename(path), failureOf(error, undefined)));
  }
  throw new Error(`${path} does not say how long it lasts, which only a worker finds out.`);
}
