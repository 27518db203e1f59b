import { readFile, writeFile } from 'node:fs/promises';
import { burnInFiles } from '../core/captions/burn-in';
import { CaptionFault } from '../core/captions/caption-fault';
import { captionsBeyondEnd, captionsFailure, missingCaptions } from '../core/captions/caption-failure';
import type { Extraction } from '../core/captions/extract';
import { planExtraction } from '../core/captions/extract';
import { parseCaptions } from '../core/captions/parse-captions';
import type { CaptionTrack } from '../core/captions/track';
import { captionFacts, isShown, joinTracks, shownSeconds, trackFiles } from '../core/captions/track';
import type { CaptionLabel } from '../core/input-use';
import { captionsOn } from '../core/join/joined-captions';
import type { Order, OrderInput, Ticket } from '../core/order';
import type { PresetOutput } from '../core/preset';
import { takesCaptions } from '../core/preset';
import type { Probe } from '../core/probe';
import { pictureCaptions } from '../core/probe';
import type { VideoRendition } from '../core/video-rendition';
import { videoRenditions } from '../core/video-rendition';
import { downloadInput } from './download';
import { OrderFailure } from './order-failure';
import type { Workbench } from './work/workbench';

/** What files beside the source are read with: a worker's bench, or what stands for it on a user's machine. */
export type InputBench = Pick<Workbench, 'signal' | 'path' | 'ffmpeg' | 'probePath' | 'captions'> & {
  readonly assignment: {
    readonly order: Pick<Order, 'inputs'>;
    readonly inputUrls: () => Ticket['inputUrls'];
  };
};

/**
 * All captions that the outputs can take: those of the order's files, and those inside of the source.
 * @throws OrderFailure when one of the files is broken, or the outputs need captions that there are not
 */
export async function gatherCaptions(
  bench: InputBench,
  outputs: readonly PresetOutput[],
  source: Probe,
): Promise<CaptionTrack[]> {
  if (!outputs.some(takesCaptions)) return [];
  const seconds = shownSeconds(source);
  const files: CaptionTrack[] = [];
  for (const input of bench.assignment.order.inputs) {
    if (input.use?.kind !== 'captions') continue;
    const track = await readCaptionFile(bench, input, input.use);
    if (seconds !== undefined && !isShown(track, seconds))
      throw new OrderFailure(captionsBeyondEnd(input.fileName, seconds));
    files.push(track);
  }
  const inside = await extractCaptions(bench, source);
  const tracks = joinTracks(
    files,
    inside.filter(track => isShown(track, seconds)),
  );
  const found = tracks.map(({ facts }) => facts);
  const missing = missingCaptions(outputs, found, pictureCaptions(source));
  if (missing !== undefined) throw new OrderFailure(missing);
  return tracks;
}

/** Writes the files that ffmpeg reads captions from when it makes the outputs. */
export async function writeTracks(
  bench: InputBench,
  outputs: readonly PresetOutput[],
  source: Probe,
): Promise<void> {
  await writeBurnIns(bench, videoRenditions(outputs, source), { probe: source });
  for (const output of outputs) {
    if (output.kind !== 'video') continue;
    const captions = captionsOn(source, bench.captions);
    for (const { fileName, text } of trackFiles(output, captions, shownSeconds(source)))
      await writeFile(bench.path(fileName), text);
  }
}

/** Writes the files from which ffmpeg draws captions into pictures. */
export async function writeBurnIns(
  bench: InputBench,
  renditions: readonly VideoRendition[],
  time: { probe: Probe; fromSeconds?: number },
): Promise<void> {
  for (const { fileName, text } of burnInFiles(renditions, captionsOn(time.probe, bench.captions), time))
    await writeFile(bench.path(fileName), text);
}

/** @throws OrderFailure naming the file, and the line that is wrong */
export async function readCaptionFile(
  bench: InputBench,
  input: OrderInput,
  label: CaptionLabel,
): Promise<CaptionTrack> {
  const path = bench.path('_captions');
  const { inputUrls } = bench.assignment;
  await downloadInput({ input, path, url: () => inputUrls()[input.id], signal: bench.signal });
  try {
    return { facts: captionFacts(label), cues: parseCaptions(await readFile(path), label.encoding) };
  } catch (error) {
    if (error instanceof CaptionFault) throw new OrderFailure(captionsFailure(input.fileName, error));
    throw error;
  }
}

async function extractCaptions(bench: InputBench, source: Probe): Promise<CaptionTrack[]> {
  const extraction = planExtraction(source);
  if (extraction === undefined) return [];
  await bench.ffmpeg(extraction.plan);
  const tracks: CaptionTrack[] = [];
  for (const track of extraction.tracks) tracks.push(...(await readExtracted(bench, track)));
  return tracks;
}

/** A track that says nothing, as cameras and editors leave behind, is none. */
async function readExtracted(bench: InputBench, { fileName, facts }: Extraction): Promise<CaptionTrack[]> {
  try {
    return [{ facts, cues: parseCaptions(await readFile(bench.path(fileName))) }];
  } catch (error) {
    if (error instanceof CaptionFault) return [];
    throw error;
  }
}
