import { expectedDurationSeconds } from './expected-duration';
import type { JobRecord, OrderState } from './job';
import { workPrefix } from './order';
import { audioCodecName, videoCodecName } from './codec-names';
import type { PresetOutput } from './preset';
import { outputFileName } from './preset';
import type { OutputFacts, SourceFacts } from './report';

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
  const wanted = job.preset?.content.outputs ?? [];
  const prefix = `${workPrefix(job.jobId, order.orderId)}${result.deliveryId}/`;
  for (const output of wanted) {
    const made = result.outputs.find(
      ({ name, fileName }) => name === output.name && fileName === outputFileName(output),
    );
    if (made === undefined) return `output "${output.name}" is missing`;
    const key = made.parts === undefined ? `${prefix}${made.fileName}` : order.multipart[made.fileName]?.key;
    if (made.key !== key) return `output "${output.name}" lies outside of ${prefix}`;
    const expected = expectedDurationSeconds(result.source, output);
    if (expected !== undefined) {
      const actual = made.durationSeconds;
      if (actual === undefined) return `output "${output.name}" has no duration`;
      if (Math.abs(actual - expected) > durationToleranceSeconds(expected)) {
        return `output "${output.name}" lasts ${actual.toFixed(2)} s, the source ${expected.toFixed(2)} s`;
      }
    }
    const wrong = wrongCodec(output, made);
    if (wrong !== undefined) return `output "${output.name}" ${wrong}`;
  }
  if (result.outputs.length !== wanted.length)
    return `there are ${result.outputs.length} outputs, the preset has ${wanted.length}`;
  return undefined;
}

function wrongCodec(output: PresetOutput, made: OutputFacts): string | undefined {
  if (output.kind === 'video') {
    const codec = videoCodecName(output.video.codec);
    if (made.video === undefined) return 'has no picture';
    if (made.video.codec !== codec) return `has a picture in ${made.video.codec}, not ${codec}`;
  }
  const audio = 'audio' in output ? output.audio : undefined;
  if (output.kind === 'audio' && made.audio === undefined) return 'has no sound';
  if (audio !== undefined && made.audio !== undefined) {
    const codec = audioCodecName(audio);
    if (made.audio.codec !== codec) return `has sound in ${made.audio.codec}, not ${codec}`;
  }
  return undefined;
}
