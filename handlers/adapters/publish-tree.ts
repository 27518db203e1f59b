import { createHash } from 'node:crypto';
import { concurrently } from '../../core/concurrently';
import type { ListedFile } from '../../core/file-list';
import { checkFileList, parseFileList } from '../../core/file-list';
import type { JobRecord } from '../../core/job';
import type { TreeFacts } from '../../core/report';
import type { Copied, CopyJob, PublishOptions } from './copy-object';
import { copyOver } from './copy-object';
import { isNotFound, s3Objects } from './s3-objects';

/** Copies that are under way at a time: an hour in four sizes, some 3000 files, takes seconds. */
const COPIES_AT_ONCE = 50;

export type PublishedTree = { readonly kind: 'published'; readonly tree: TreeFacts } | Uncopied;

type Uncopied = Exclude<Copied, { kind: 'copied' }>;

export interface TreeToPublish {
  /** Of the output. */
  readonly name: string;
  readonly key: string;
  readonly fileName: string;
  readonly tree: TreeFacts;
  /** The list that was published before, where something was added to that. */
  readonly before?: TreeFacts['list'] | undefined;
}

/**
 * Copies all files of an output that stand in its list, and at last the list. Of what was published before and got
 * something added, those that are not there yet. Safe to repeat; a call that is cut off does no harm, since the files
 * with which players begin come afterwards.
 */
export async function publishTree(
  options: PublishOptions,
  { jobId, outputPrefix }: Pick<JobRecord, 'jobId' | 'outputPrefix'>,
  { name, key, fileName, tree, before }: TreeToPublish,
): Promise<PublishedTree> {
  const text = (await s3Objects(options.s3, options.stateBucket).text(tree.list.key))?.body;
  if (text === undefined) return { kind: 'refused', why: 'its list of files is not in the state bucket' };
  const sha256 = sha256Of(text);
  if (sha256 !== tree.list.sha256)
    return { kind: 'refused', why: `the SHA-256 of its list is ${sha256}, not ${tree.list.sha256}` };
  const list = checkFileList(text, { outputName: name, tree });
  if (list.kind === 'wrong') return { kind: 'refused', why: list.reason };

  const there = before === undefined ? [] : await publishedFiles(options, before, tree.list);
  if (there === undefined) return { kind: 'refused', why: 'its files were published anew meanwhile' };
  const known = new Set(there.map(identityOf));

  // All lie beside the file that they belong to.
  const workPrefix = key.slice(0, key.length - fileName.length);
  const problems: Uncopied[] = [];
  const copy = async (file: ListedFile): Promise<void> => {
    if (problems.length > 0) return;
    const copied = await copyListed(options, {
      jobId,
      facts: { ...file, key: `${workPrefix}${file.fileName}` },
      key: `${outputPrefix}/${file.fileName}`,
      etag: undefined,
    });
    if (copied.kind === 'refused') problems.push({ ...copied, why: `${file.fileName}: ${copied.why}` });
    if (copied.kind === 'superseded') problems.push(copied);
  };
  const missing = list.files.filter(file => !known.has(identityOf(file)));
  await concurrently(missing, { atOnce: COPIES_AT_ONCE }, copy);
  // What stands in it is there.
  await copy({ ...tree.list, contentType: 'application/json' });
  const [problem] = problems;
  if (problem !== undefined) return problem;
  const published = { ...tree.list, key: `${outputPrefix}/${tree.list.fileName}` };
  return { kind: 'published', tree: { ...tree, list: published } };
}

/** What is in the outbox already; undefined when that is neither what something was added to nor what came of it. */
async function publishedFiles(
  options: PublishOptions,
  before: TreeFacts['list'],
  after: TreeFacts['list'],
): Promise<readonly ListedFile[] | undefined> {
  const text = (await s3Objects(options.s3, options.outboxBucket).text(before.key))?.body;
  if (text === undefined) return undefined;
  // The new one is there when an earlier call did not live to say so.
  return [before.sha256, after.sha256].includes(sha256Of(text)) ? parseFileList(text).files : undefined;
}

const identityOf = ({ fileName, sha256 }: ListedFile): string => `${sha256} ${fileName}`;

const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

async function copyListed(options: PublishOptions, copy: CopyJob): Promise<Copied> {
  try {
    return await copyOver(options, copy);
  } catch (error) {
    if (isNotFound(error)) return { kind: 'refused', why: 'it is not in the state bucket' };
    throw error;
  }
}
