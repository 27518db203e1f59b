import type { PacketTable } from '../../core/packet-table';
import { PACKET_ENTRIES, PacketTableReader } from '../../core/packet-table';
import type { SourceTail } from '../../core/duration-check';
import { asksFirstFrame, FIRST_FRAME_ENTRIES, withFrameMetadata } from '../../core/hdr-metadata';
import type { Probe, VideoStream } from '../../core/probe';
import { parseProbe, PROBE_ENTRIES } from '../../core/read-probe';
import { readSource } from '../../core/source-reading';
import { TAIL_ENTRIES, TailReader } from '../../core/source-tail';
import { GAP_ENTRIES, GapMeter } from '../../core/time-gaps';
import { OrderFailure } from '../order-failure';
import type { PartFacts } from '../../core/part-facts';
import { PART_ENTRIES, parsePartFacts } from '../../core/part-facts';
import type { FfprobeRun } from './run-ffprobe';
import { askFfprobe, readFfprobeLines, runFfprobe } from './run-ffprobe';
import { FILE_SAFETY_OPTIONS, SOURCE_SAFETY_OPTIONS } from './safety-options';

export type ExamineOptions = Omit<FfprobeRun, 'options'>;

/**
 * What the source is, read through the gate.
 * @throws OrderFailure when it is nothing that can be worked on, MediaProcessError when ffprobe fails
 */
export async function probeSource(run: ExamineOptions): Promise<Probe> {
  const { output, messages } = await askFfprobe({ ...run, options: probeOptions(SOURCE_SAFETY_OPTIONS) });
  const reading = readSource(output, messages);
  if (reading.kind === 'unreadable') throw new OrderFailure(reading.failure);
  const { probe } = reading;
  return probe.video !== undefined && asksFirstFrame(probe.video)
    ? withFrameMetadata(probe, await probeFirstFrame(run, probe.video))
    : probe;
}

/** What the first frame of a picture tells beside the picture itself. */
async function probeFirstFrame(run: ExamineOptions, { index }: VideoStream): Promise<string> {
  const first = ['-select_streams', String(index), '-read_intervals', '%+#1'];
  const asked = ['-of', 'json', '-show_entries', FIRST_FRAME_ENTRIES];
  return runFfprobe({ ...run, options: [...SOURCE_SAFETY_OPTIONS, ...first, ...asked] });
}

/** What a file that was made here is. */
export async function probeFile(run: ExamineOptions): Promise<Probe> {
  return parseProbe(await runFfprobe({ ...run, options: probeOptions(FILE_SAFETY_OPTIONS) }));
}

function probeOptions(safety: readonly string[]): string[] {
  return [...safety, '-of', 'json', '-show_entries', PROBE_ENTRIES];
}

/** Later than any time stamp that a file can have. */
const BEYOND_ANY_END_SECONDS = 1_000_000_000;

/** Where the streams of the source end, by the last packets that can be read, or decoded, from a second on. */
export async function probeTail(
  run: ExamineOptions,
  source: Probe,
  { fromSeconds, decode }: { fromSeconds: number; decode: boolean },
): Promise<SourceTail> {
  const options = [
    ...SOURCE_SAFETY_OPTIONS,
    ...['-of', 'compact', '-show_entries', TAIL_ENTRIES[decode ? 'frames' : 'packets']],
    // Without an end, ffprobe takes one from memory that it never set, and may print nothing.
    ...['-read_intervals', `${(source.startSeconds + fromSeconds).toFixed(3)}%${BEYOND_ANY_END_SECONDS}`],
  ];
  const reader = new TailReader(source);
  await readFfprobeLines({ ...run, options }, line => reader.add(line));
  return reader.tail();
}

/** When each frame of the source's picture is shown; all of it is read. What was said beside comes with it. */
export async function readPacketTable(
  run: ExamineOptions,
  streamIndex: number,
): Promise<{ table: PacketTable; messages: string }> {
  const reader = new PacketTableReader();
  const options = [
    ...SOURCE_SAFETY_OPTIONS,
    ...['-select_streams', String(streamIndex), '-of', 'csv=p=0', '-show_entries', PACKET_ENTRIES],
  ];
  const messages = await readFfprobeLines({ ...run, options }, line => reader.add(line));
  return { table: reader.table(), messages };
}

/** Part of the time of a source in which it has neither picture nor sound, from 0 to 1; all of it is read. */
export async function missingShare(run: ExamineOptions): Promise<number> {
  const meter = new GapMeter();
  const options = [...SOURCE_SAFETY_OPTIONS, '-of', 'csv=p=0', '-show_entries', GAP_ENTRIES];
  await readFfprobeLines({ ...run, options }, line => meter.add(line));
  return meter.missingShare();
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
