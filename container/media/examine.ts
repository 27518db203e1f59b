import type { SourceTail } from '../../core/duration-check';
import type { Probe } from '../../core/probe';
import { parseProbe, PROBE_ENTRIES } from '../../core/probe';
import { readSource } from '../../core/source-reading';
import { parseTail, TAIL_ENTRIES } from '../../core/source-tail';
import { OrderFailure } from '../order-failure';
import type { FfprobeRun } from './run-ffprobe';
import { runFfprobe } from './run-ffprobe';
import { FILE_SAFETY_OPTIONS, SOURCE_SAFETY_OPTIONS } from './safety-options';

export type ExamineOptions = Omit<FfprobeRun, 'options'>;

/**
 * What the source is, read through the gate.
 * @throws OrderFailure when it is nothing that can be worked on, MediaProcessError when ffprobe fails
 */
export async function probeSource(run: ExamineOptions): Promise<Probe> {
  const { output, messages } = await runFfprobe({ ...run, options: probeOptions(SOURCE_SAFETY_OPTIONS) });
  const reading = readSource(output, messages);
  if (reading.kind === 'unreadable') throw new OrderFailure(reading.failure);
  return reading.probe;
}

/** What a file that was made here is. */
export async function probeFile(run: ExamineOptions): Promise<Probe> {
  const { output } = await runFfprobe({ ...run, options: probeOptions(FILE_SAFETY_OPTIONS) });
  return parseProbe(output);
}

function probeOptions(safety: readonly string[]): string[] {
  return [...safety, '-of', 'json', '-show_entries', PROBE_ENTRIES];
}

/** Where the streams of the source end, by the last packets that can be read, or decoded, from a second on. */
export async function probeTail(
  run: ExamineOptions,
  source: Probe,
  { fromSeconds, decode }: { fromSeconds: number; decode: boolean },
): Promise<SourceTail> {
  const options = [
    ...SOURCE_SAFETY_OPTIONS,
    ...['-of', 'compact', '-show_entries', TAIL_ENTRIES[decode ? 'frames' : 'packets']],
    ...['-read_intervals', `${(source.startSeconds + fromSeconds).toFixed(3)}%`],
  ];
  const { output } = await runFfprobe({ ...run, options });
  return parseTail(output, source);
}
