import { FILE_LIST } from './adaptive/packaging';
import { audioCodecName, videoCodecName } from './codec-names';
import { expectedDurationSeconds } from './expected-duration';
import type { JobRecord, OrderState } from './job';
import { workPrefix } from './order';
import { fileNames, outputFileName } from './output-files';
import type { AdaptiveOutput, PresetOutput } from './preset';
import type { OutputFacts, SourceFacts } from './report';
import { isTiled, spacingOf, tilesPerFile } from './tile-plan';

/** Seconds by which an output may differ in length from its source: frames at both ends, audio priming. */
export function durationToleranceSeconds(sourceSeconds: number): number {
  return Math.max(0.5, sourceSeconds * 0.01);
}

/**
 * Whether what a worker says it made is what the preset asks for, and lies where that worker was allowed to store it.
 * @returns what is wrong, or undefined when all is right
 */
export function checkResult(
  job: JobRecord,
  order: OrderState,
  result: { deliveryId: string; source: SourceFacts; outputs: readonly OutputFacts[] },
): string | undefined {
  const prefix = `${workPrefix(job.jobId, order.orderId)}${result.deliveryId}/`;
  let files = 0;
  for (const output of job.preset?.content.outputs ?? []) {
    // Which files an output can have follows from the preset and their number alone.
    const possible = new Set(fileNames(output, result.outputs.length));
    const made = result.outputs.filter(
      ({ name, fileName }) => name === output.name && possible.has(fileName),
    );
    const wrong =
      wrongFiles(output, made, result.source) ??
      made
        .map(
          facts =>
            wrongPlace(facts, { prefix, order }) ??
            wrongDuration(output, facts, result.source) ??
            wrongCodec(output, facts),
        )
        .find(problem => problem !== undefined);
    if (wrong !== undefined) return `output "${output.name}" ${wrong}`;
    files += made.length;
  }
  return result.outputs.length === files
    ? undefined
    : `there are ${result.outputs.length} outputs, the preset has ${files}`;
}

function wrongFiles(
  output: PresetOutput,
  made: readonly OutputFacts[],
  source: SourceFacts,
): string | undefined {
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

function wrongPlace(
  made: OutputFacts,
  { prefix, order }: { prefix: string; order: OrderState },
): string | undefined {
  const key = made.parts === undefined ? `${prefix}${made.fileName}` : order.multipart[made.fileName]?.key;
  const list = made.tree?.list;
  if (list !== undefined && list.key !== `${prefix}${list.fileName}`)
    return `has its list outside of ${prefix}`;
  return made.key === key ? undefined : `lies outside of ${prefix}`;
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
