import { FILE_LIST } from './adaptive/packaging';
import { plannedAddition } from './captions/add-captions';
import { captionFacts, tracksWanted } from './captions/track';
import type { Chunk } from './chunk';
import { checkChunks, framesOfFile } from './chunk';
import { finishedFiles } from './chunked-job';
import { audioCodecName, videoCodecName } from './codec-names';
import { expectedDurationSeconds } from './expected-duration';
import type { JobRecord, OrderState } from './job';
import { workPrefix } from './order';
import { captionFileName, fileNames, outputFileName } from './output-files';
import type { AdaptiveOutput, CaptionsOutput, PresetOutput } from './preset';
import type { OutputFacts, SourceFacts, TreeFacts } from './report';
import type { Work } from './work';
import { isTiled, spacingOf, tilesPerFile } from './tile-plan';

/** Seconds by which an output may differ in length from its source: frames at both ends, audio priming. */
export function durationToleranceSeconds(sourceSeconds: number): number {
  return Math.max(0.5, sourceSeconds * 0.01);
}

interface Result {
  readonly deliveryId: string;
  readonly source: SourceFacts;
  readonly outputs: readonly OutputFacts[];
}

/**
 * Whether what a worker says it made is what its order asks for, and lies where that worker was allowed to store it.
 * @returns what is wrong, or undefined when all is right
 */
export function checkResult(job: JobRecord, order: OrderState, result: Result): string | undefined {
  const prefix = `${workPrefix(job.jobId, order.orderId)}${result.deliveryId}/`;
  const stray = result.outputs.find(facts => !isInPlace(facts, { prefix, order }));
  if (stray !== undefined) return `output "${stray.name}" lies outside of ${prefix}`;
  const { source, outputs } = result;
  const presetOutputs = job.preset?.content.outputs ?? [];
  switch (order.work.kind) {
    case 'encode-whole':
      return checkOutputs(presetOutputs, source, outputs);
    case 'encode-chunk':
      return checkChunk(job, order.work.chunk, outputs);
    case 'encode-rest': {
      // What the picture is needed for comes with the assembly, and is looked for there.
      const whole = outputs.filter(({ isPart }) => isPart !== true);
      const made = presetOutputs.filter(({ name }) => whole.some(facts => facts.name === name));
      return checkOutputs(made, source, whole);
    }
    case 'add-captions':
      return checkAddition(job, order.work, result);
    case 'assemble':
      return checkOutputs(presetOutputs, source, [...finishedFiles(job), ...outputs]);
  }
}

/**
 * Whether a plan can be carried out.
 * @returns what is wrong, or undefined when all is right
 */
export function checkPlan(
  { work }: OrderState,
  { chunks, chunkFiles }: { chunks: readonly Chunk[]; chunkFiles: readonly string[] },
): string | undefined {
  if (work.kind !== 'encode-whole' || work.split === undefined) return 'its order was not to be cut';
  if (new Set(chunkFiles).size !== chunkFiles.length) return 'two files of a chunk have the same name';
  return checkChunks(chunks);
}

/** A chunk has one part for each rendition, with all the frames that were planned for it. */
function checkChunk({ cut }: JobRecord, chunk: Chunk, outputs: readonly OutputFacts[]): string | undefined {
  const wanted = [...(cut?.chunkFiles ?? [])].sort();
  const made = outputs.map(({ fileName }) => fileName).sort();
  if (made.join('\n') !== wanted.join('\n'))
    return `chunk ${chunk.index} has the files ${made.join(', ')}, not ${wanted.join(', ')}`;
  for (const { fileName, isPart, frames } of outputs) {
    if (isPart !== true || frames === undefined) return `${fileName} is not marked as part of a picture`;
    const planned = framesOfFile(chunk, fileName);
    if (frames !== planned) return `${fileName} of chunk ${chunk.index} has ${frames} frames, not ${planned}`;
  }
  return undefined;
}

/** Exactly the files that the captions change or add, as long and of the same codecs as before. */
function checkAddition(
  job: JobRecord,
  work: Extract<Work, { kind: 'add-captions' }>,
  { outputs }: Result,
): string | undefined {
  const added = (job.inputs ?? []).flatMap(({ id, use }) =>
    work.captionIds.includes(id) && use.kind === 'captions' ? [captionFacts(use)] : [],
  );
  const wanted = plannedAddition(job.preset?.content.outputs ?? [], work, added).sort();
  const names = outputs.map(({ fileName }) => fileName).sort();
  if (names.join('\n') !== wanted.join('\n'))
    return `it has the files ${names.join(', ')}, not ${wanted.join(', ')}`;
  for (const made of outputs) {
    const { fileName, durationSeconds, video, audio } = made;
    const before = job.outputs.find(other => other.fileName === fileName);
    if (before?.video === undefined) continue;
    const change = Math.abs((durationSeconds ?? 0) - (before.durationSeconds ?? 0));
    if (change > durationToleranceSeconds(before.durationSeconds ?? 0))
      return `${fileName} has another length than before`;
    if (video?.codec !== before.video.codec || audio?.codec !== before.audio?.codec)
      return `${fileName} has other streams than before`;
    const wrong = wrongLadder(made, before);
    if (wrong !== undefined) return `${fileName} ${wrong}`;
  }
  return undefined;
}

/** Of an adaptive output that got captions: pictures and sounds are those of before, and no captions are lost. */
function wrongLadder({ tree }: OutputFacts, before: Pick<OutputFacts, 'tree'>): string | undefined {
  if (before.tree === undefined) return undefined;
  if (tree === undefined) return 'has no list of its files';
  if (tree.list.fileName !== before.tree.list.fileName) return `has its list in ${tree.list.fileName}`;
  const streams = ({ rungs, sounds }: TreeFacts): string => JSON.stringify({ rungs, sounds });
  if (streams(tree) !== streams(before.tree)) return 'has other sizes or sounds than before';
  const folders = new Set(tree.captions?.map(({ folder }) => folder));
  const lost = before.tree.captions?.find(({ folder }) => !folders.has(folder));
  return lost === undefined ? undefined : `has lost the captions in ${lost.folder}`;
}

function checkOutputs(
  wanted: readonly PresetOutput[],
  source: SourceFacts,
  outputs: readonly OutputFacts[],
): string | undefined {
  const part = outputs.find(({ isPart }) => isPart === true);
  if (part !== undefined) return `${part.fileName} is a part of an output`;
  let files = 0;
  for (const output of wanted) {
    // Which files an output can have follows from the preset and their number alone.
    const possible = new Set(possibleFiles(output, source, outputs.length));
    const made = outputs.filter(({ name, fileName }) => name === output.name && possible.has(fileName));
    const wrong =
      wrongFiles(output, made, source) ??
      made
        .map(
          facts =>
            wrongDuration(output, facts, source) ??
            wrongCodec(output, facts) ??
            wrongTracks(output, facts, source),
        )
        .find(problem => problem !== undefined);
    if (wrong !== undefined) return `output "${output.name}" ${wrong}`;
    files += made.length;
  }
  return outputs.length === files
    ? undefined
    : `there are ${outputs.length} outputs, the preset has ${files}`;
}

function possibleFiles(output: PresetOutput, source: SourceFacts, count: number): string[] {
  return output.kind === 'captions' ? captionFiles(output, source) : fileNames(output, count);
}

function captionFiles(output: CaptionsOutput, { captions = [] }: SourceFacts): string[] {
  const wanted = tracksWanted(output, captions);
  return wanted.map((_, index) => captionFileName(output, wanted, index));
}

/** Captions that say something in an excerpt are for the worker to know; of the whole source, all are there. */
function wrongTracks(
  output: PresetOutput,
  { captions = [], tree }: OutputFacts,
  source: SourceFacts,
): string | undefined {
  if (output.kind !== 'video' && output.kind !== 'adaptive') return undefined;
  if (output.captions?.tracks !== true || output.trim !== undefined) return undefined;
  // Of the files with which players of an adaptive output begin, one tells of what belongs to it.
  if (output.kind === 'adaptive' && tree === undefined) return undefined;
  const expected = source.captions?.length ?? 0;
  const { length } = output.kind === 'adaptive' ? (tree?.captions ?? []) : captions;
  return length === expected ? undefined : `has captions in ${length} tracks, not ${expected}`;
}

function wrongFiles(
  output: PresetOutput,
  made: readonly OutputFacts[],
  source: SourceFacts,
): string | undefined {
  if (output.kind === 'captions') {
    const missing = captionFiles(output, source).find(
      name => !made.some(({ fileName }) => fileName === name),
    );
    return missing === undefined ? undefined : `lacks ${missing}`;
  }
  if (made.length === 0) return 'is missing';
  const pictures = output.kind === 'storyboard' ? made.length - 1 : made.length;
  const wanted = fileNames(output, pictures);
  const reported = made.map(({ fileName }) => fileName);
  const missing = wanted.find(fileName => !reported.includes(fileName));
  if (missing !== undefined) return `lacks ${missing}`;
  if (reported.length !== new Set(reported).size) return 'has a file twice';
  if (output.kind === 'adaptive') return wrongTree(output, made);
  if (!isTiled(output)) return undefined;
  const { count } = spacingOf(output, source.video?.durationSeconds ?? source.durationSeconds);
  const expected = Math.ceil(count / tilesPerFile(output));
  // A frame more or less at the end of the source may be a picture more or less.
  return Math.abs(pictures - expected) > 1 || pictures === 0
    ? `has ${pictures} pictures, not ${expected}`
    : undefined;
}

/** The list of the other files is read and checked when they are published. */
function wrongTree(output: AdaptiveOutput, made: readonly OutputFacts[]): string | undefined {
  const { tree } = made.find(({ fileName }) => fileName === outputFileName(output)) ?? {};
  if (tree === undefined) return 'has no list of its files';
  if (tree.list.fileName !== `${output.name}/${FILE_LIST}`) return `has its list in ${tree.list.fileName}`;
  return tree.rungs.length === 0 ? 'has no size to choose' : undefined;
}

function isInPlace(made: OutputFacts, { prefix, order }: { prefix: string; order: OrderState }): boolean {
  const list = made.tree?.list;
  if (list !== undefined && list.key !== `${prefix}${list.fileName}`) return false;
  const key = made.parts === undefined ? `${prefix}${made.fileName}` : order.multipart[made.fileName]?.key;
  return made.key === key;
}

function wrongDuration(output: PresetOutput, made: OutputFacts, source: SourceFacts): string | undefined {
  const expected = expectedDurationSeconds(source, output);
  if (expected === undefined) return undefined;
  const actual = made.durationSeconds;
  if (actual === undefined) return 'has no duration';
  return Math.abs(actual - expected) > durationToleranceSeconds(expected)
    ? `lasts ${actual.toFixed(2)} s, the source ${expected.toFixed(2)} s`
    : undefined;
}

function wrongCodec(output: PresetOutput, made: OutputFacts): string | undefined {
  const codec = videoCodecName(output, made.fileName);
  if (codec !== undefined && made.video === undefined) return 'has no picture';
  if (codec !== undefined && made.video?.codec !== codec)
    return `has a picture in ${made.video?.codec ?? 'nothing'}, not ${codec}`;
  const audio = output.kind === 'video' || output.kind === 'audio' ? output.audio : undefined;
  if (output.kind === 'audio' && made.audio === undefined) return 'has no sound';
  if (audio !== undefined && made.audio !== undefined) {
    const name = audioCodecName(audio);
    if (made.audio.codec !== name) return `has sound in ${made.audio.codec}, not ${name}`;
  }
  return undefined;
}
