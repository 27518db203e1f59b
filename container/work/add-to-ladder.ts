import { readFile, writeFile } from 'node:fs/promises';
import { captionFolders, captionSegmentSeconds, captionsOf } from '../../core/adaptive/caption-files';
import { withTextSets } from '../../core/adaptive/dash-captions';
import { withSubtitles } from '../../core/adaptive/hls-captions';
import { withAdded } from '../../core/captions/add-captions';
import type { CaptionTrack } from '../../core/captions/track';
import { parseFileList } from '../../core/file-list';
import { fileNames } from '../../core/output-files';
import type { AdaptiveOutput } from '../../core/preset';
import type { CaptionFacts, OutputFacts } from '../../core/report';
import type { PublishedLadder } from '../../core/work';
import { ListedFiles } from '../adaptive/listed-files';
import { contentType } from '../content-type';
import { fetchInput } from '../download';
import type { Workbench } from './workbench';

export interface LadderAddition {
  readonly ladder: PublishedLadder;
  readonly tracks: readonly CaptionTrack[];
  /** Where the picture of the source ends. */
  readonly shownSeconds: number;
}

/**
 * Adds captions to an adaptive output that was published before: their own files, and what tells players of them.
 * The segments of picture and sound are neither read nor copied.
 */
export async function addToLadder(
  bench: Workbench,
  output: AdaptiveOutput,
  { ladder, tracks, shownSeconds }: LadderAddition,
): Promise<OutputFacts[]> {
  const { before } = ladder;
  const [master, manifest, list] = [
    await fetchText(bench, ladder.masterId),
    await fetchText(bench, ladder.manifestId),
    await fetchText(bench, ladder.listId),
  ];
  const { folder } = bench.assignment;
  const files = new ListedFiles(
    { name: output.name, folder, keep: file => bench.keep(file) },
    parseFileList(list).files,
  );
  const durationSeconds = before.durationSeconds;
  const kept = before.tree.captions ?? [];
  const added = captionsOf(output, tracks, shownSeconds);
  const all = withAdded<CaptionFacts>(
    kept,
    added.map(({ facts }) => facts),
  );
  const segmentSeconds = captionSegmentSeconds(output);
  const made = await files.writeCaptions(all, added, { durationSeconds, segmentSeconds });
  const captions = captionFolders(all).flatMap((name, index) => {
    const rendition = made.find(other => other.folder === name) ?? kept[index];
    return rendition === undefined ? [] : [rendition];
  });
  const tree = { ...before.tree, ...(await files.list()), ...(captions.length === 0 ? {} : { captions }) };
  const texts = [withSubtitles(master, captions), withTextSets(manifest, captions, durationSeconds)];
  const outputs: OutputFacts[] = [];
  const { tree: _before, ...measured } = before;
  for (const [index, fileName] of fileNames(output, 1).entries()) {
    const path = bench.path(fileName);
    await writeFile(path, texts[index] ?? '');
    const stored = await bench.keep({ path, fileName });
    const facts = { ...measured, name: output.name, fileName, contentType: contentType(fileName), ...stored };
    outputs.push(index === 0 ? { ...facts, tree } : facts);
  }
  return outputs;
}

async function fetchText(bench: Workbench, id: string): Promise<string> {
  const path = bench.path('_published');
  await fetchInput(bench, id, path);
  return readFile(path, 'utf8');
}
