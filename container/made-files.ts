import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaptionTrack } from '../core/captions/track';
import { captionOutputFiles, shownSeconds, trackFiles } from '../core/captions/track';
import { fileNames, mapFileName, numberedFileName, outputFileName } from '../core/output-files';
import type {
  AdaptiveOutput,
  CaptionsOutput,
  PresetOutput,
  StoryboardOutput,
  VideoOutput,
} from '../core/preset';
import type { Probe } from '../core/probe';
import type { Score } from '../core/quality/score';
import type { CaptionFacts, TreeFacts } from '../core/report';
import { storyboardMap } from '../core/storyboard-map';
import { isTiled, pictureSeconds, tileLayout } from '../core/tile-plan';
import { probeOfAnimation, readWebpAnimation } from '../core/webp-animation';
import { hasContent } from './files';

/** A finished file of an output. */
export interface MadeFile {
  readonly output: PresetOutput;
  readonly fileName: string;
  /** Absent for text. */
  readonly probe?: Probe;
  /** Captions that are tracks of it, or that it is a file of. */
  readonly captions?: readonly CaptionFacts[];
  /** How good its picture came out, where the preset asks for a quality. */
  readonly score?: Score | undefined;
  /** The files that belong to it, of an adaptive output; they are stored already. */
  readonly tree?: TreeFacts;
}

export interface MakingOptions {
  readonly source: Probe;
  readonly captions: readonly CaptionTrack[];
  readonly folder: string;
  readonly probe: (path: string) => Promise<Probe>;
}

/** Finds, completes and measures the files of an output after ffmpeg has made them. */
export async function collectFiles(
  output: Exclude<PresetOutput, AdaptiveOutput>,
  options: MakingOptions,
): Promise<MadeFile[]> {
  if (output.kind === 'captions') return writeCaptions(output, options);
  if (output.kind === 'video') return [await measuredVideo(output, options)];
  if (!isTiled(output)) {
    return Promise.all(fileNames(output, 1).map(fileName => measured(output, fileName, options)));
  }
  const count = await countPictures(output, options.folder);
  // One process made them all alike: the first and the last tell of the others.
  const first = await measured(output, numberedFileName(output, 1), options);
  const last = await measured(output, numberedFileName(output, Math.max(1, count)), options);
  const pictures = fileNames(output, count)
    .slice(0, count)
    .map((fileName, index) => ({ ...(index + 1 === count ? last : first), fileName }));
  return output.kind === 'storyboard' ? [...pictures, await writeMap(output, options)] : pictures;
}

async function measuredVideo(output: VideoOutput, options: MakingOptions): Promise<MadeFile> {
  const made = await measured(output, outputFileName(output), options);
  const tracks = trackFiles(output, options.captions, shownSeconds(options.source));
  return tracks.length === 0 ? made : { ...made, captions: tracks.map(({ facts }) => facts) };
}

async function writeCaptions(
  output: CaptionsOutput,
  { source, captions, folder }: MakingOptions,
): Promise<MadeFile[]> {
  const files = captionOutputFiles(output, captions, shownSeconds(source));
  for (const { fileName, text } of files) await writeFile(join(folder, fileName), text);
  return files.map(({ fileName, facts }) => ({ output, fileName, captions: [facts] }));
}

async function countPictures(output: PresetOutput, folder: string): Promise<number> {
  let count = 0;
  while (await hasContent(join(folder, numberedFileName(output, count + 1)))) count += 1;
  return count;
}

async function measured(output: PresetOutput, fileName: string, options: MakingOptions): Promise<MadeFile> {
  const path = join(options.folder, fileName);
  if (output.kind === 'clip' && output.format === 'webp') {
    const animation = readWebpAnimation(await readFile(path));
    // Of a picture that never moves there is one frame, which makes an ordinary WebP.
    if (animation !== undefined) return { output, fileName, probe: probeOfAnimation(animation) };
  }
  return { output, fileName, probe: await options.probe(path) };
}

async function writeMap(output: StoryboardOutput, { source, folder }: MakingOptions): Promise<MadeFile> {
  if (source.video === undefined) throw new Error('A storyboard needs a picture');
  const fileName = mapFileName(output);
  const tile = tileLayout(output, source.video).final;
  await writeFile(
    join(folder, fileName),
    storyboardMap(output, { tile, durationSeconds: pictureSeconds(source) }),
  );
  return { output, fileName };
}
