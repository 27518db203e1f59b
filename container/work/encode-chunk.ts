import { planChunkEncode } from '../../core/chunk-encode-plan';
import type { Chunk } from '../../core/chunk';
import { burnInLanguage } from '../../core/captions/burn-in';
import { framesOfFile } from '../../core/chunk';
import { cutPart, partFileName } from '../../core/cut-part';
import { toSourceFacts } from '../../core/source-facts';
import type { OutputFacts } from '../../core/report';
import { writeBurnIns } from '../captions';
import { CHUNK_INEXACT } from '../../core/whole-instead';
import { OrderFailure } from '../order-failure';
import { reachChunkQuality } from '../quality/reach-chunk-quality';
import type { Outcome } from '../reporter';
import { ENCODE_PERCENT } from './assignment';
import type { Known } from './known';
import type { Workbench } from './workbench';

/** The picture of one chunk for all renditions, counted before it is stored. */
export async function encodeChunk(bench: Workbench, known: Known, chunk: Chunk): Promise<Outcome> {
  const { order, onProgress, gate } = bench.assignment;
  gate.expect(chunk.bytes);
  // All others are made once, of the whole source: to read them here would be to read all of it for each chunk.
  const source = await bench.probeSource(
    order.outputs.filter(output => burnInLanguage(output) !== undefined),
  );
  known.source = source;
  const part = cutPart(order.outputs, source, chunk.crfs);
  if (part === undefined) throw new Error('No output of the order has a moving picture');
  const { renditions, fromSeconds } = part;
  await writeBurnIns(bench, renditions, { probe: source, fromSeconds });
  const finished = { ...part, images: bench.images };
  const plan = planChunkEncode(finished, chunk, source);
  const first = plan.files[0]?.fileName ?? '';
  const lines = await bench.ffmpeg(plan, {
    onProgress: ({ frames, speed }) =>
      onProgress(Math.min(1, frames / framesOfFile(chunk, first)) * ENCODE_PERCENT, speed),
  });
  const scores = await reachChunkQuality(bench, { part: finished, chunk, lines, source });
  const outputs: OutputFacts[] = [];
  for (const rendition of part.renditions) {
    const fileName = partFileName(rendition);
    const { frames } = await bench.examinePart(fileName);
    const wanted = framesOfFile(chunk, fileName);
    if (frames !== wanted) throw inexact(chunk, { fileName, frames, wanted });
    outputs.push(
      await bench.storePart(fileName, {
        name: rendition.output.name,
        frames,
        score: scores.get(rendition.id),
      }),
    );
  }
  return { kind: 'finished', source: toSourceFacts(source), outputs };
}

function inexact(
  { index }: Chunk,
  { fileName, frames, wanted }: { fileName: string; frames: number; wanted: number },
): OrderFailure {
  return new OrderFailure({
    code: CHUNK_INEXACT,
    message: `Chunk ${index} came out with ${frames} frames in ${fileName}, not ${wanted}: frames of the source can't be decoded, or not be found again by their time stamps.`,
    fix: 'Nothing: the source is encoded whole instead.',
    retryable: false,
    blame: 'service',
  });
}
