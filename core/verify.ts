import { tracksWanted } from './captions/track';
import { audioCodecName, videoCodecName } from './codec-names';
import { expectedDurationSeconds } from './expected-duration';
import type { JobRecord, OrderState } from './job';
import { workPrefix } from './order';
import { captionFileName, fileNames } from './output-files';
import type { CaptionsOutput, PresetOutput } from './preset';
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
    const possible = new Set(possibleFiles(output, result));
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
            wrongCodec(output, facts) ??
            wrongTracks(output, facts, result.source),
        )
        .find(problem => problem !== undefined);
    if (wrong !== undefined) return `output "${output.name}" ${wrong}`;
    files += made.length;
  }
  return result.outputs.length === files
    ? undefined
    : `there are ${result.outputs.length} outputs, the preset has ${files}`;
}

function possibleFiles(
  output: PresetOutput,
  { source, outputs }: { source: SourceFacts; outputs: readonly OutputFacts[] },
): string[] {
  return output.kind === 'captions' ? captionFiles(output, source) : fileNames(output, outputs.length);
}

function captionFiles(output: CaptionsOutput, { captions = [] }: SourceFacts): string[] {
  const wanted = tracksWanted(output, captions);
  return wanted.map((_, index) => captionFileName(output, wanted, index));
}

/** Captions that say something in an excerpt are for the worker to know; of the whole source, all are there. */
function wrongTracks(
  output: PresetOutput,
  { captions = [] }: OutputFacts,
  source: SourceFacts,
): string | undefined {
  if (output.kind !== 'video' || output.captions?.tracks !== true || output.trim !== undefined)
    return undefined;
  const expected = source.captions?.length ?? 0;
  return captions.length === expected
    ? undefined
    : `has captions in ${captions.length} tracks, not ${expected}`;
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
  if (!isTiled(output)) return undefined;
  const { count } = spacingOf(output, source.video?.durationSeconds ?? source.durationSeconds);
  const expected = Math.ceil(count / tilesPerFile(output));
  // A frame more or less at the end of the source may be a picture more or less.
  return Math.abs(pictures - expected) > 1 || pictures === 0
    ? `has ${pictures} pictures, not ${expected}`
    : undefined;
}

function wrongPlace(
  made: OutputFacts,
  { prefix, order }: { prefix: string; order: OrderState },
): string | undefined {
  const key = made.parts === undefined ? `${prefix}${made.fileName}` : order.multipart[made.fileName]?.key;
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
  const audio = 'audio' in output ? output.audio : undefined;
  if (output.kind === 'audio' && made.audio === undefined) return 'has no sound';
  if (audio !== undefined && made.audio !== undefined) {
    const name = audioCodecName(audio);
    if (made.audio.codec !== name) return `has sound in ${made.audio.codec}, not ${name}`;
  }
  return undefined;
}
