import { open } from 'node:fs/promises';
import type { OrderInput } from '../core/order';
import type { PresetOutput } from '../core/preset';
import { sniffImage } from '../core/sniff';
import type { WatermarkImage, WatermarkImages } from '../core/watermark';
import { planCleanImage, watermarkFailure, watermarkIds } from '../core/watermark';
import type { InputBench } from './captions';
import { downloadInput } from './download';
import { MediaProcessError } from './media/process-error';
import { OrderFailure } from './order-failure';

/**
 * The images that outputs put on their pictures, made ready.
 * @throws OrderFailure when one can't be read
 */
export async function gatherImages(
  bench: InputBench,
  outputs: readonly PresetOutput[],
): Promise<WatermarkImages> {
  const images = new Map<string, WatermarkImage>();
  for (const id of watermarkIds(outputs)) {
    const input = bench.assignment.order.inputs.find(other => other.id === id);
    if (input === undefined) throw new Error(`The order has no input ${id}`);
    images.set(id, await makeReady(bench, input, images.size));
  }
  return images;
}

async function makeReady(bench: InputBench, input: OrderInput, number: number): Promise<WatermarkImage> {
  const { inputUrls } = bench.assignment;
  const [rawName, fileName] = [`_image-${number}`, `_watermark-${number}.png`];
  await downloadInput({
    input,
    path: bench.path(rawName),
    url: () => inputUrls()[input.id],
    signal: bench.signal,
  });
  const format = sniffImage(await firstBytes(bench.path(rawName)));
  if (format === undefined) throw new OrderFailure(watermarkFailure(input.fileName));
  try {
    await bench.ffmpeg(planCleanImage({ fileName: rawName, format }, fileName));
    const { video } = await bench.probePath(bench.path(fileName));
    if (video !== undefined) return { fileName, width: video.width, height: video.height };
  } catch (error) {
    // One that we stopped says nothing of the image.
    if (
      !(error instanceof MediaProcessError) ||
      error.end.exitCode === null ||
      error.end.stopReason !== undefined
    )
      throw error;
  }
  throw new OrderFailure(watermarkFailure(input.fileName));
}

async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
