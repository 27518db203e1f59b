import type { FfmpegPlan } from '../encode-plan';
import { captionFileName, fileNames, outputFileName } from '../output-files';
import type { PresetOutput, VideoOutput } from '../preset';
import type { CaptionFacts } from '../report';
import type { Work } from '../work';
import type { TrackFile } from './track';
import { isSameTrack, trackMetadata, tracksWanted } from './track';

type Addition = Extract<Work, { kind: 'add-captions' }>;

/** All captions once those are added: a track takes the place of one for the same viewers, and others come last. */
export function withAdded<T extends CaptionFacts>(before: readonly T[], added: readonly T[]): T[] {
  const replaced = before.map(facts => added.find(other => isSameTrack(facts, other)) ?? facts);
  return [...replaced, ...added.filter(facts => !before.some(other => isSameTrack(other, facts)))];
}

/** Names of the WebVTT files that an output gets for the added captions. */
export function addedFileNames(
  output: Extract<PresetOutput, { kind: 'captions' }>,
  all: readonly CaptionFacts[],
  added: readonly CaptionFacts[],
): { facts: CaptionFacts; fileName: string }[] {
  const wanted = tracksWanted(output, all);
  return wanted.flatMap((facts, index) =>
    added.some(other => isSameTrack(other, facts))
      ? [{ facts, fileName: captionFileName(output, wanted, index) }]
      : [],
  );
}

/** Names of all files that an addition makes. */
export function plannedAddition(
  outputs: readonly PresetOutput[],
  { source, published, ladders }: Addition,
  added: readonly CaptionFacts[],
): string[] {
  const all = withAdded(source.captions ?? [], added);
  return outputs.flatMap(output => {
    if (output.kind === 'captions') return addedFileNames(output, all, added).map(({ fileName }) => fileName);
    if (ladders.some(({ outputName }) => outputName === output.name)) return fileNames(output, 1);
    return published.some(({ outputName }) => outputName === output.name) ? [outputFileName(output)] : [];
  });
}

export interface Remux {
  readonly publishedFileName: string;
  /** Captions that are tracks of it already, in their order. */
  readonly before: readonly CaptionFacts[];
  readonly added: readonly TrackFile[];
}

/** Puts captions into a finished video as further tracks; all else is copied as it is. */
export function planAddition(output: VideoOutput, { publishedFileName, before, added }: Remux): FfmpegPlan {
  const kept = before.flatMap((facts, index) =>
    added.some(other => isSameTrack(other.facts, facts)) ? [] : [index],
  );
  return {
    inputOptions: [],
    madeInputs: [
      { fileName: publishedFileName, options: [] },
      ...added.map(({ fileName }) => ({ fileName, options: ['-f', 'webvtt'] })),
    ],
    filterGraph: [],
    files: [
      {
        fileName: outputFileName(output),
        options: [
          ...['-map', '0:v', '-map', '0:a?', ...kept.flatMap(index => ['-map', `0:s:${index}`])],
          ...added.flatMap((_, index) => ['-map', `${index + 1}:s:0`]),
          ...['-c', 'copy', ...(output.video.codec === 'hevc' ? ['-tag:v', 'hvc1'] : [])],
          ...added.flatMap(({ facts }, index) => [
            ...[`-c:s:${kept.length + index}`, 'mov_text'],
            ...trackMetadata(facts, kept.length + index),
          ]),
          ...['-map_metadata', '0', '-map_chapters', '0'],
          ...['-f', output.container, '-movflags', '+faststart'],
        ],
      },
    ],
  };
}
