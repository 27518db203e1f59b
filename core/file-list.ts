import { z } from 'zod';
import { CAPTION_FILE, MEDIA_PLAYLIST, PUBLISHED_INIT } from './adaptive/packaging';
import { parseJson } from './problem';
import type { TreeFacts } from './report';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** One file of many, as it was stored. */
export const listedFileSchema = z.strictObject({
  /** Below the job's output prefix. */
  fileName: z.string().regex(/^[a-z0-9][a-z0-9._-]*(\/[a-z0-9][a-z0-9._-]*)+$/),
  sizeBytes: z.int().min(1),
  sha256,
  contentType: z.string(),
});

/**
 * All files of an output that are too many for a message and a record: they stand in an object beside them, of which
 * the SHA-256 is reported. The files with which players begin are not among them.
 */
export const fileListSchema = z.strictObject({
  schema: z.literal('spotreel.files/1'),
  files: z.array(listedFileSchema).min(1),
});

export type ListedFile = z.infer<typeof listedFileSchema>;
export type FileList = z.infer<typeof fileListSchema>;

/**
 * Reads a list that was published.
 * @throws when it is none
 */
export function parseFileList(text: string): FileList {
  return fileListSchema.parse(JSON.parse(text));
}

/**
 * Reads the list of an output's files as a worker stored it.
 * @returns what is wrong with it, or the files
 */
export function checkFileList(
  text: string,
  { outputName, tree }: { outputName: string; tree: TreeFacts },
): { kind: 'right'; files: readonly ListedFile[] } | { kind: 'wrong'; reason: string } {
  const wrong = (reason: string) => ({ kind: 'wrong', reason }) as const;
  const parsed = parseJson(text, fileListSchema);
  if (parsed.kind === 'invalid') return wrong('its list of files is none');
  const { files } = parsed.value;
  const names = new Set(files.map(({ fileName }) => fileName));
  if (names.size !== files.length || files.length !== tree.files)
    return wrong(`its list has ${names.size} files, not ${tree.files}`);
  const stranger = files.find(({ fileName }) => !fileName.startsWith(`${outputName}/`));
  if (stranger !== undefined) return wrong(`its list has ${stranger.fileName}, which lies elsewhere`);
  const missing = neededFiles(tree)
    .map(name => `${outputName}/${name}`)
    .find(name => !names.has(name));
  return missing === undefined ? { kind: 'right', files } : wrong(`its list lacks ${missing}`);
}

/** Files without which a stream can't be played. */
function neededFiles({ rungs, sounds, captions = [] }: TreeFacts): string[] {
  return [
    ...[...rungs, ...sounds].flatMap(({ name }) => [
      `${name}/${PUBLISHED_INIT}`,
      `${name}/${MEDIA_PLAYLIST}`,
    ]),
    ...captions.flatMap(({ folder }) => [`${folder}/${CAPTION_FILE}`, `${folder}/${MEDIA_PLAYLIST}`]),
  ];
}
