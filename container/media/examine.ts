import type { SourceTail } from '../../core/duration-check';
import type { Probe } from '../../core/probe';
import { parseProbe, PROBE_ENTRIES } from '../../core/probe';
import { parseTail } from '../../core/source-tail';
import type { FfprobeRun } from './run-ffprobe';
import { runFfprobe } from './run-ffprobe';
import { FILE_SAFETY_OPTIONS, SOURCE_SAFETY_OPTIONS } from './safety-options';

export type ExamineOptions = Omit<FfprobeRun, 'options'>;

/** What the source is, read through the gate. */
export async function probeSource(run: ExamineOptions): Promise<Probe> {
  return probe(run, SOURCE_SAFETY_OPTIONS);
}

/** What a file that was made here is. */
export async function probeFile(run: ExamineOptions): Promise<Probe> {
  return probe(run, FILE_SAFETY_OPTIONS);
}

async function probe(run: ExamineOptions, safety: readonly string[]): Promise<Probe> {
  const options = [...safety, '-of', 'json', '-show_entries', PROBE_ENTRIES];
  return parseProbe(await runFfprobe({ ...run, options }));
}

/** Where the streams of the source end, by the time stamps of the last packets that can be read. */
export async function probeTail(
  run: ExamineOptions,
  source: Probe,
  fromSeconds: number,
): Promise<SourceTail> {
  const options = [
    ...SOURCE_SAFETY_OPTIONS,
    ...['-of', 'csv=p=0', '-show_entries', 'packet=stream_index,pts_time,duration_time'],
    ...['-read_intervals', `${(source.startSeconds + fromSeconds).toFixed(3)}%`],
  ];
  return parseTail(await runFfprobe({ ...run, options }), source);
}
