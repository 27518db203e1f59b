import { open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { InputBench } from '../../container/captions';
import { gatherCaptions } from '../../container/captions';
import { probeFile } from '../../container/media/examine';
import { runFfmpeg } from '../../container/media/run-ffmpeg';
import { gatherImages } from '../../container/watermarks';
import type { CaptionTrack } from '../../core/captions/track';
import type { Findings } from '../../core/encode-plan';
import type { FoundFile, FurtherFile } from '../../core/further-files';
import { filesBeside, furtherProblems, namedFiles, presetFiles } from '../../core/further-files';
import { manifestSchema } from '../../core/manifest';
import type { OrderInput } from '../../core/order';
import type { Preset } from '../../core/preset';
import { parseJson } from '../../core/problem';
import { settingsSchema } from '../../core/settings';
import { SNIFF_BYTES } from '../../core/sniff';
import { UsageError } from '../usage-error';
import { FileGate } from './file-gate';
import type { LocalSource } from './local-source';
import { describeProblems } from './preset-files';

/** What files beside the video hold for its outputs. */
export type FurtherContent = Pick<Findings, 'captions' | 'images'>;

export interface FurtherOptions {
  /** Path of the video. */
  readonly video: string;
  /** Path of a manifest; absent: only files that are named after the video. */
  readonly manifest: string | undefined;
  readonly preset: { readonly name: string; readonly path: string; readonly content: Preset };
  /** Where the files are made that ffmpeg reads. */
  readonly folder: string;
}

/** Reads captions and images as the worker does, from files on this machine. */
export async function readFurther(source: LocalSource, options: FurtherOptions): Promise<FurtherContent> {
  const { preset, folder } = options;
  const found = await findFiles(options);
  const settings = settingsSchema.parse({});
  const missing = found.find(({ upload }) => upload === undefined);
  if (missing !== undefined)
    throw new UsageError(
      `There is no file ${missing.file.key}, which ${missing.file.pointer || 'the preset'} names.`,
    );
  const problems = furtherProblems(found, { preset, settings });
  if (problems.length > 0) throw new Error(describeProblems(options.manifest ?? preset.name, problems));
  const gates = new Map<string, FileGate>();
  try {
    const inputs: OrderInput[] = [];
    for (const { file, upload } of found) {
      const { id, key, use } = file;
      gates.set(id, await FileGate.open(key));
      inputs.push({ id, fileName: basename(key), sizeBytes: upload?.sizeBytes ?? 0, use });
    }
    const inputUrls = Object.fromEntries([...gates].map(([id, gate]) => [id, gate.url]));
    const bench = furtherBench(source, { folder, captions: [], inputs, inputUrls });
    const { outputs } = preset.content;
    return {
      captions: await gatherCaptions(bench, outputs, source.probe),
      images: await gatherImages(bench, outputs),
    };
  } finally {
    await Promise.all([...gates.values()].map(gate => gate.close()));
  }
}

/** What stands for the worker's bench here. */
export function furtherBench(
  { gate, ...source }: LocalSource,
  given: {
    folder: string;
    captions: readonly CaptionTrack[];
    inputs?: OrderInput[];
    inputUrls?: Record<string, string>;
  },
): InputBench {
  const { folder, captions, inputs = [], inputUrls = {} } = given;
  const sourceBytesRead = (): number => gate.bytesRead;
  return {
    captions,
    signal: source.signal,
    path: fileName => join(folder, fileName),
    ffmpeg: (plan, { onProgress, failed = [] } = {}) =>
      runFfmpeg({
        ...source,
        ...(onProgress === undefined ? {} : { onProgress }),
        signal: AbortSignal.any([source.signal, ...failed]),
        plan,
        folder,
        sourceBytesRead,
        sourceUrl: gate.url,
        maxFileBytes: () => undefined,
      }),
    probePath: path => probeFile({ ...source, input: path, sourceBytesRead }),
    assignment: { order: { inputs }, inputUrls: () => inputUrls },
  };
}

/** The files that the job would take, with keys that are paths here. */
async function findFiles({ video, manifest, preset }: FurtherOptions): Promise<FoundFile[]> {
  const videoKey = resolve(video);
  const named = manifest === undefined ? [] : await namedByManifest(manifest, videoKey);
  const folder = dirname(videoKey);
  const keys = (await readdir(folder)).map(name => join(folder, name));
  const images = presetFiles(preset.content).map(file => ({
    ...file,
    key: join(dirname(preset.path), 'images', basename(file.key)),
  }));
  const files: FurtherFile[] = [...named, ...images, ...filesBeside(keys, { videoKey, named })];
  return Promise.all(files.map(async file => ({ file, upload: await localUpload(file.key) })));
}

/** The files that a manifest names, with paths for keys. */
export async function namedByManifest(path: string, videoKey: string): Promise<FurtherFile[]> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined)
    throw new UsageError(`--manifest ${path}: there is no such file. Give the path of a manifest.`);
  const parsed = parseJson(text, manifestSchema);
  if (parsed.kind === 'invalid') throw new Error(describeProblems(path, parsed.problems));
  return namedFiles(parsed.value, videoKey);
}

async function localUpload(path: string): Promise<FoundFile['upload']> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isFile() !== true) return undefined;
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    return { versionId: '', etag: '', sizeBytes: info.size, uploadedAt: info.mtime, head };
  } finally {
    await file.close();
  }
}
