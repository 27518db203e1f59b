import type { Excerpt } from '../excerpt';
import { excerptOf } from '../excerpt';
import type { CaptionLabel } from '../input-use';
import { findLanguage, languageTag, threeLetters } from '../language';
import { captionFileName } from '../output-files';
import type { Probe } from '../probe';
import type { CaptionsOutput, PresetOutput, VideoOutput } from '../preset';
import type { CaptionFacts } from '../report';
import type { Cue } from './cue';
import { cutCues, flattenCues } from './cue';
import { writeWebVtt } from './web-vtt';

/** Captions in one language, whether they were found inside of the source or in a file beside it. */
export interface CaptionTrack {
  readonly facts: CaptionFacts;
  readonly cues: readonly Cue[];
}

/** A file that has to be there before ffmpeg is started, or that is an output as it stands. */
export interface TextFile {
  readonly fileName: string;
  readonly text: string;
}

/** What is told of a track; what is not so is left out. */
export function captionFacts(label: Omit<CaptionLabel, 'encoding'>): CaptionFacts {
  return {
    language: languageTag(label.language),
    ...(label.name === undefined ? {} : { name: label.name }),
    ...(label.default ? { default: true as const } : {}),
    ...(label.forced ? { forced: true as const } : {}),
    ...(label.hearingImpaired ? { hearingImpaired: true as const } : {}),
  };
}

/** Whether one takes the place of the other: the same language for the same viewers. */
export function isSameTrack(a: CaptionFacts, b: CaptionFacts): boolean {
  return a.language === b.language && a.forced === b.forced && a.hearingImpaired === b.hearingImpaired;
}

/** All captions of a job: those of files first, and of the source those that no file takes the place of. */
export function joinTracks(files: readonly CaptionTrack[], source: readonly CaptionTrack[]): CaptionTrack[] {
  const all = [
    ...files,
    ...source.filter(({ facts }) => !files.some(file => isSameTrack(file.facts, facts))),
  ];
  const first = all.findIndex(({ facts }) => facts.default === true);
  return all.map((track, index) => {
    const { default: isDefault, ...facts } = track.facts;
    // Players show one by themselves, and files count for more than what the source says.
    return isDefault === true && index !== first ? { ...track, facts } : track;
  });
}

/** The tracks of which an output makes files. */
export function tracksWanted<T extends { readonly language: string }>(
  { languages }: Pick<CaptionsOutput, 'languages'>,
  tracks: readonly T[],
): T[] {
  if (languages === undefined) return [...tracks];
  const wanted = languages.map(language => findLanguage(tracks, language)?.language);
  return tracks.filter(({ language }) => wanted.includes(language));
}

/** Where the picture ends, or else the file; undefined when it does not say. */
export function shownSeconds({
  video,
  durationSeconds,
}: Pick<Probe, 'video' | 'durationSeconds'>): number | undefined {
  return video?.endSeconds ?? durationSeconds;
}

/** Whether any of it can be seen while the picture lasts. */
export function isShown({ cues }: CaptionTrack, durationSeconds: number | undefined): boolean {
  return durationSeconds === undefined || cues.some(({ startMs }) => startMs < durationSeconds * 1000);
}

/** The excerpt of an output, which ends where the picture does. */
export function shownExcerpt(output: PresetOutput, durationSeconds: number | undefined): Excerpt {
  const { startSeconds, endSeconds } = excerptOf(output);
  const ends = [endSeconds, durationSeconds].filter(end => end !== undefined);
  return { startSeconds, ...(ends.length === 0 ? {} : { endSeconds: Math.min(...ends) }) };
}

/** WebVTT files of an output, one for each track. */
export function captionOutputFiles(
  output: CaptionsOutput,
  tracks: readonly CaptionTrack[],
  durationSeconds: number | undefined,
): (TextFile & { readonly facts: CaptionFacts })[] {
  const all = tracks.map(({ facts }) => facts);
  return tracksWanted(output, all).map((facts, index, wanted) => {
    const cues = tracks[all.indexOf(facts)]?.cues ?? [];
    return {
      facts,
      fileName: captionFileName(output, wanted, index),
      text: writeWebVtt(cutCues(cues, shownExcerpt(output, durationSeconds))),
    };
  });
}

/** A track that goes into a video file, with the file that ffmpeg reads it from. */
export interface TrackFile extends TextFile {
  readonly facts: CaptionFacts;
}

/** What becomes tracks of a video; one that has nothing to say in this excerpt is left out. */
export function trackFiles(
  output: VideoOutput,
  tracks: readonly CaptionTrack[],
  durationSeconds: number | undefined,
): TrackFile[] {
  if (output.captions?.tracks !== true) return [];
  return tracks.flatMap(({ facts, cues }, index) => {
    // A track of an MP4 shows one caption at a time, always in the same place.
    const shown = flattenCues(cutCues(cues, shownExcerpt(output, durationSeconds)));
    if (shown.length === 0) return [];
    const plain = shown.map(({ settings: _settings, ...cue }) => cue);
    return [{ facts, fileName: `_track-${index}-${output.name}.vtt`, text: writeWebVtt(plain) }];
  });
}

/** Options of the tracks of one output. @param firstInput number of the input that is the first of them */
export function trackOptions(files: readonly TrackFile[], firstInput: number): string[] {
  if (files.length === 0) return [];
  return [
    ...files.flatMap((_, index) => ['-map', `${firstInput + index}:s:0`]),
    ...['-c:s', 'mov_text'],
    ...files.flatMap(({ facts }, index) => trackMetadata(facts, index)),
  ];
}

/** What players are told of the n-th track of captions in a file, the first is 0. */
export function trackMetadata(facts: CaptionFacts, index: number): string[] {
  const metadata = `-metadata:s:s:${index}`;
  return [
    ...[metadata, `language=${threeLetters(facts.language)}`],
    ...(facts.name === undefined
      ? []
      : [metadata, `title=${facts.name}`, metadata, `handler_name=${facts.name}`]),
    ...[`-disposition:s:${index}`, disposition(facts)],
  ];
}

function disposition(facts: CaptionFacts): string {
  const flags = [
    ...(facts.default === true ? ['default'] : []),
    ...(facts.forced === true ? ['forced'] : []),
    ...(facts.hearingImpaired === true ? ['hearing_impaired'] : []),
  ];
  return flags.length === 0 ? '0' : flags.join('+');
}
