import { createHash } from 'node:crypto';
import { concurrently } from '../../core/concurrently';
import { checkFileList } from '../../core/file-list';
import type { JobRecord } from '../../core/job';
import type { TreeFacts } from '../../core/report';
import type { Copied, CopyJob, PublishOptions } from './copy-object';
import { copyOver } from './copy-object';
import { isNotFound, s3Objects } from './s3-objects';

/** Copies that are under way at a time: an hour in four sizes, some 3000 files, takes seconds. */
const COPIES_AT_ONCE = 50;

export type PublishedTree = { readonly kind: 'published'; readonly tree: TreeFacts } | Uncopied;

type Uncopied = Exclude<Copied, { kind: 'copied' }>;

/**
 * Copies all files of an output that stand in its list, and the list. Safe to repeat; a call that is cut off does no
 * harm, since the files with which players begin come afterwards.
 */
export async function publishTree(
  options: PublishOptions,
  { jobId, outputPrefix }: Pick<JobRecord, 'jobId' | 'outputPrefix'>,
  { name, key, fileName, tree }: { name: string; key: string; fileName: string; tree: TreeFacts },
): Promise<PublishedTree> {
  const text = (await s3Objects(options.s3, options.stateBucket).text(tree.list.key))?.body;
  if (text === undefined) return { kind: 'refused', why: 'its list of files is not in the state bucket' };
  const sha256 = createHash('sha256').update(text).digest('hex');
  if (sha256 !== tree.list.sha256)
    return { kind: 'refused', why: `the SHA-256 of its list is ${sha256}, not ${tree.list.sha256}` };
  const list = checkFileList(text, { outputName: name, tree });
  if (list.kind === 'wrong') return { kind: 'refused', why: list.reason };

  // All lie beside the file that they belong to.
  const workPrefix = key.slice(0, key.length - fileName.length);
  const problems: Uncopied[] = [];
  const all = [...list.files, { ...tree.list, contentType: 'application/json' }];
  await concurrently(all, { atOnce: COPIES_AT_ONCE }, async file => {
    if (problems.length > 0) return;
    const copied = await copyListed(options, {
      jobId,
      facts: { ...file, key: `${workPrefix}${file.fileName}` },
      key: `${outputPrefix}/${file.fileName}`,
      etag: undefined,
    });
    if (copied.kind === 'refused') problems.push({ ...copied, why: `${file.fileName}: ${copied.why}` });
    if (copied.kind === 'superseded') problems.push(copied);
  });
  const [problem] = problems;
  if (problem !== undefined) return problem;
  const published = { ...tree.list, key: `${outputPrefix}/${tree.list.fileName}` };
  return { kind: 'published', tree: { ...tree, list: published } };
}

async function copyListed(options: PublishOptions, copy: CopyJob): Promise<Copied> {
  try {
    return await copyOver(options, copy);
  } catch (error) {
    if (isNotFound(error)) return { kind: 'refused', why: 'it is not in the state bucket' };
    throw error;
  }
}
