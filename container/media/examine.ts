import type { PacketTable } from '../../core/packet-table';
import { PACKET_ENTRIES, PacketTableReader } from '../../core/packet-table';
import type { SourceTail } from '../../core/duration-check';
import type { Probe } from '../../core/probe';
import { parseProbe, PROBE_ENTRIES } from '../../core/probe';
import type { PartFacts } from '../../core/part-facts';
import { PART_ENTRIES, parsePartFacts } from '../../core/part-facts';
import { parseTail } from '../../core/source-tail';
import type { FfprobeRun } from './run-ffprobe';
import { readFfprobeLines, runFfprobe } from './run-ffprobe';
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

/** When each frame of the source's picture is shown; all of it is read. */
export async function readPacketTable(run: ExamineOptions, streamIndex: number): Promise<PacketTable> {
  const reader = new PacketTableReader();
  const options = [
    ...SOURCE_SAFETY_OPTIONS,
    ...['-select_streams', String(streamIndex), '-of', 'csv=p=0', '-show_entries', PACKET_ENTRIES],
  ];
  await readFfprobeLines({ ...run, options }, line => reader.add(line));
  return reader.table();
}

/** What tells whether a part of a picture is whole and goes with the others. */
export async function examinePart(run: ExamineOptions): Promise<PartFacts> {
  const hash = ['-show_data_hash', 'sha256'];
  const options = [...FILE_SAFETY_OPTIONS, '-of', 'json', ...hash, '-show_entries', PART_ENTRIES];
  return parsePartFacts(await runFfprobe({ ...run, options }));
}

/** Frames of picture in a finished file, counted by reading it. */
export async function countFrames(run: ExamineOptions): Promise<number> {
  const counting = ['-select_streams', 'v:0', '-count_packets', '-show_entries', 'stream=nb_read_packets'];
  const options = [...FILE_SAFETY_OPTIONS, '-of', 'csv=p=0', ...counting];
  return Number.parseInt(await runFfprobe({ ...run, options }), 10);
}
