import { rm, writeFile } from 'node:fs/promises';
import type { JoinedPicture, SoundPart } from '../../core/assembly-plan';
import { isCut, joinPicture, planChapters, planMux, soundParts } from '../../core/assembly-plan';
import { shownSeconds, trackFiles } from '../../core/captions/track';
import type { Chunk } from '../../core/chunk';
import { framesOfFile } from '../../core/chunk';
import type { CutPart } from '../../core/cut-part';
import { cutPart, partFileName } from '../../core/cut-part';
import type { EncodedPicture } from '../../core/package-plan';
import { planPackage } from '../../core/package-plan';
import type { AdaptiveOutput, VideoOutput } from '../../core/preset';
import type { Probe } from '../../core/probe';
import { toSourceFacts } from '../../core/source-facts';
import type { OutputFacts } from '../../core/report';
import { writeTracks } from '../captions';
import { ASSEMBLY_INEXACT } from '../../core/whole-instead';
import { AdaptiveJob, whileStoring } from '../adaptive/adaptive-job';
import { fetchInput } from '../download';
import type { MadeFile } from '../made-files';
import { collectFiles } from '../made-files';
import { OrderFailure } from '../order-failure';
import type { Outcome } from '../reporter';
import type { Known } from './known';
import type { Workbench } from './workbench';

/** The outputs put together from what the other orders made, one after another: no more than one is on the disk in parts. */
export async function assemble(bench: Workbench, known: Known): Promise<Outcome> {
  const { order, onProgress } = bench.assignment;
  known.source = await bench.probeSource();
  const part = cutPart(order.outputs, known.source);
  if (part === undefined || order.chunks === undefined)
    throw new Error('The order has nothing to put together');
  const measured: MadeFile[] = [];
  const stored: OutputFacts[] = [];
  for (const [index, output] of part.outputs.filter(isCut).entries()) {
    const made = await putTogether(bench, output, { part, source: known.source, chunks: order.chunks });
    measured.push(...made);
    known.source = await bench.checkDurations(known.source, measured);
    for (const file of made) stored.push(await bench.store(file));
    onProgress(((index + 1) / part.outputs.length) * 100, 0);
  }
  return { kind: 'finished', source: toSourceFacts(known.source), outputs: stored };
}

interface Source {
  readonly part: CutPart;
  readonly source: Probe;
  readonly chunks: readonly Chunk[];
}

interface Fetched {
  readonly pictures: readonly JoinedPicture[];
  readonly sounds: readonly SoundPart[];
}

async function putTogether(
  bench: Workbench,
  output: VideoOutput | AdaptiveOutput,
  source: Source,
): Promise<MadeFile[]> {
  const { part, chunks } = source;
  const pictures = part.renditions
    .filter(rendition => rendition.output === output)
    .map(rendition => joinPicture(rendition, chunks, part));
  const sounds = soundParts(output, source.source);
  for (const picture of pictures) await fetchPicture(bench, picture);
  for (const { inputId, fileName } of sounds) await fetchInput(bench, inputId, bench.path(fileName));
  const fetched = { pictures, sounds };
  return output.kind === 'video'
    ? mux(bench, output, { ...source, ...fetched })
    : packageSegments(bench, output, { ...source, ...fetched });
}

async function mux(
  bench: Workbench,
  output: VideoOutput,
  { part, source, chunks, pictures, sounds }: Source & Fetched,
): Promise<MadeFile[]> {
  const [picture] = pictures;
  if (picture === undefined) throw new Error(`Output ${output.name} has no picture`);
  const chapters = planChapters(output, part);
  if (chapters !== undefined) await bench.ffmpeg(chapters);
  const { captions } = bench;
  await writeTracks(bench, [output], source);
  const tracks = trackFiles(output, captions, shownSeconds(source));
  await bench.ffmpeg(planMux(output, { picture, sound: sounds[0], tracks, probe: source }));
  await removeParts(bench, { pictures, sounds });
  const { folder } = bench.assignment;
  const made = await collectFiles(output, { source, captions, folder, probe: path => bench.probePath(path) });
  for (const { fileName } of made) {
    const frames = await bench.countFrames(fileName);
    const wanted = chunks.reduce(
      (sum, chunk) => sum + framesOfFile(chunk, partFileName(picture.rendition)),
      0,
    );
    if (frames !== wanted)
      throw inexact(`${fileName} has ${frames} frames, the parts that it was made of ${wanted}`);
  }
  return made;
}

async function packageSegments(
  bench: Workbench,
  output: AdaptiveOutput,
  { source, pictures, sounds }: Source & Fetched,
): Promise<MadeFile[]> {
  const { captions } = bench;
  const { folder } = bench.assignment;
  const job = new AdaptiveJob({ output, source, captions, folder, keep: file => bench.keep(file) });
  await whileStoring([job], failed =>
    bench.ffmpeg(planPackage(output, { pictures: pictures.map(encodedPicture), sounds }), { failed }),
  );
  await removeParts(bench, { pictures, sounds });
  return job.finish();
}

function encodedPicture({ rendition, listFileName, inputOptions }: JoinedPicture): EncodedPicture {
  return { rendition, fileName: listFileName, inputOptions };
}

async function removeParts(bench: Workbench, { pictures, sounds }: Fetched): Promise<void> {
  for (const { fileName } of [...pictures.flatMap(({ parts }) => parts), ...sounds])
    await rm(bench.path(fileName));
}

/** Fetches the parts of a picture, and the list by which ffmpeg reads them as one. */
async function fetchPicture(
  bench: Workbench,
  { parts, list, listFileName, rendition }: JoinedPicture,
): Promise<void> {
  let header: string | undefined;
  for (const part of parts) {
    await fetchInput(bench, part.inputId, bench.path(part.fileName));
    const { frames, headerHash } = await bench.examinePart(part.fileName);
    const wanted = framesOfFile(part.chunk, partFileName(rendition));
    if (frames !== wanted) throw inexact(`${part.inputId} has ${frames} frames, not ${wanted}`);
    if (headerHash !== (header ??= headerHash))
      throw inexact(`${part.inputId} was encoded in another way than those before it`);
  }
  await writeFile(bench.path(listFileName), list);
}

function inexact(detail: string): OrderFailure {
  return new OrderFailure({
    code: ASSEMBLY_INEXACT,
    message: `The parts could not be put together: ${detail}.`,
    fix: 'Nothing: the source is encoded whole instead.',
    retryable: false,
    blame: 'service',
  });
}
