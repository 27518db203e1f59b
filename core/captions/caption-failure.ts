import type { PresetOutput } from '../preset';
import type { CaptionFacts, Failure } from '../report';
import { findLanguage } from '../language';
import { sourceFailure } from '../source-failure';
import { burnInLanguage } from './burn-in';
import type { CaptionFault } from './caption-fault';

/** A caption file that can't be read. */
export function captionsFailure(fileName: string, { line, message }: CaptionFault): Failure {
  return sourceFailure('CAPTIONS_UNREADABLE', {
    message: `${fileName}${line === undefined ? '' : `, line ${line}`}: ${message}`,
    fix: 'Correct the file, upload it again under its key, and then the manifest.',
  });
}

/** All of a caption file comes after the end of the picture. */
export function captionsBeyondEnd(fileName: string, durationSeconds: number): Failure {
  return sourceFailure('CAPTIONS_BEYOND_END', {
    message: `The first caption in ${fileName} comes after the video's end, at ${durationSeconds.toFixed(1)} s.`,
    fix: 'It belongs to another video, most likely. Upload the right one under its key, and then the manifest.',
  });
}

/** Why outputs can't be made with the captions that there are; undefined when they can. */
export function missingCaptions(
  outputs: readonly PresetOutput[],
  tracks: readonly CaptionFacts[],
  left: readonly { readonly codec: string; readonly language: string }[],
): Failure | undefined {
  for (const output of outputs) {
    const wanted = wantedLanguages(output);
    const missing =
      wanted === 'any'
        ? tracks.length === 0
          ? 'captions'
          : undefined
        : wanted.find(language => findLanguage(tracks, language) === undefined);
    if (missing === undefined) continue;
    return sourceFailure('SOURCE_HAS_NO_CAPTIONS', {
      message: `Output "${output.name}" needs ${missing === 'captions' ? missing : `captions in "${missing}"`}; found: ${describe(tracks, left)}.`,
      fix: 'Name a caption file in the manifest, as {"captions": [{"file": "clip.en.srt", "language": "en"}]}, or change the preset.',
    });
  }
  // A job has to make something.
  if (tracks.length > 0 || outputs.some(({ kind }) => kind !== 'captions')) return undefined;
  return missingCaptions(
    outputs.map(output => ({ ...output, required: true })),
    tracks,
    left,
  );
}

function wantedLanguages(output: PresetOutput): readonly string[] | 'any' {
  if (output.kind === 'captions' && output.required) return output.languages ?? 'any';
  const burnIn = burnInLanguage(output);
  return burnIn === undefined ? [] : [burnIn];
}

function describe(
  tracks: readonly CaptionFacts[],
  left: readonly { readonly codec: string; readonly language: string }[],
): string {
  const found = [
    ...tracks.map(({ language }) => language),
    ...left.map(({ codec, language }) => `${language} as pictures (${codec}), which can't be made text of`),
  ];
  return found.length === 0 ? 'none' : found.join(', ');
}
